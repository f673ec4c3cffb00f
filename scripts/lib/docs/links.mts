// Links between the pages: every file is there, and so is every heading.
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import MarkdownIt from "markdown-it";

type Token = ReturnType<MarkdownIt["parse"]>[number];

/** The pages a reader may be on. */
export function pages(root: string): string[] {
  const found = [...globSync("examples/*/README.md", { cwd: root }), ...globSync("docs/**/*.md", { cwd: root })].sort();
  return ["README.md", ...found].map((page) => join(root, page));
}

/** All links that lead nowhere, each with its page. Those to other sites are not followed. */
export function brokenLinks(root: string): string[] {
  const anchors = new Map<string, ReadonlySet<string>>();
  const anchorsOf = (file: string): ReadonlySet<string> => {
    const known = anchors.get(file) ?? new Set(anchorsIn(readFileSync(file, "utf8")));
    anchors.set(file, known);
    return known;
  };
  return pages(root).flatMap((page) =>
    linksIn(readFileSync(page, "utf8"))
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => !leadsSomewhere(page, link, anchorsOf))
      .map((link) => `${relative(root, page)}: the link ${link} leads nowhere`),
  );
}

function leadsSomewhere(page: string, link: string, anchorsOf: (file: string) => ReadonlySet<string>): boolean {
  const [path = "", anchor = ""] = decodeURI(link).split("#");
  const file = path === "" ? page : join(dirname(page), path);
  if (!existsSync(file)) return false;
  return anchor === "" || statSync(file).isDirectory() || !file.endsWith(".md") || anchorsOf(file).has(anchor);
}

function tokensOf(text: string): Token[] {
  const tokens = new MarkdownIt({ html: true }).parse(text, {});
  return tokens.flatMap((token) => [token, ...(token.children ?? [])]);
}

function linksIn(text: string): string[] {
  return tokensOf(text).flatMap((token) => {
    if (token.type === "link_open") return [String(token.attrGet("href"))];
    if (token.type === "image") return [String(token.attrGet("src"))];
    return [];
  });
}

/** Anchors as GitHub makes them of headings, and those written as HTML. */
function anchorsIn(text: string): string[] {
  const tokens = new MarkdownIt({ html: true }).parse(text, {});
  const seen = new Map<string, number>();
  const headings = tokens.flatMap((token, index) => {
    if (token.type !== "heading_open") return [];
    const title = (tokens[index + 1]?.children ?? []).map(({ content }) => content).join("");
    const slug = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return [count === 0 ? slug : `${slug}-${count}`];
  });
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)"/g)].map(([, id]) => id ?? "")];
}
