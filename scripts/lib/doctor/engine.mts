// The Pulumi engine: ready, or how `up` would make it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ask } from "./ask.mts";
import { judgeSpace, readSpace } from "./disk.mts";
import { type Finding, GIB, missing, note, ok } from "./finding.mts";

/** What making it writes: the result, and for a build Go's modules and compiled packages. */
const LEAST_BYTES = { official: GIB, built: 6 * GIB } as const;
const LOOK_MS = 4_000;

/** The pinned versions. */
function pinned(root: string): { version: string; plugins: string[] } {
  const text = readFileSync(join(root, "engine", "versions.env"), "utf8");
  const value = (name: string): string => new RegExp(`^${name}="?([^"\n]*)`, "m").exec(text)?.[1] ?? "";
  return { version: value("PULUMI"), plugins: value("PLUGINS").split(" ") };
}

function describeReady(root: string, home: string): Finding[] {
  const { version, plugins } = pinned(root);
  const how = readFileSync(join(home, ".ready"), "utf8").trim();
  const folder = join(home, "plugins");
  const there = existsSync(folder) ? readdirSync(folder) : [];
  const lost = plugins.filter((plugin) => !there.includes(`resource-${plugin.replace("@", "-v")}`));
  const engine = ok("Engine", "Pulumi", `${version}, ${how}, cached in ${home}`);
  if (lost.length === 0) return [engine, ok("Engine", "plugins", plugins.join(", ").replaceAll("@", " "))];
  const text = `want ${plugins.join(", ")} in ${folder}, got none of ${lost.join(", ")}`;
  return [engine, missing("Engine", "plugins", text, `rm -r ${home}, and ./dev up makes it again`)];
}

function describeMaking(root: string, how: "official" | "built", cache: string): Finding[] {
  const { version } = pinned(root);
  const text = how === "official" ? "up downloads it" : "up builds it from Go modules (10 minutes on two cores)";
  const space = readSpace(cache);
  return [
    note("Engine", "Pulumi", `${version} is not cached: ${text}`),
    ...(space ? [judgeSpace("cache.disk", cache, space, LEAST_BYTES[how])] : []),
  ];
}

export async function judgeEngine(root: string, cache: string): Promise<Finding[]> {
  const { status, stdout, stderr } = await ask("bash", [join(root, "engine", "look.sh")], LOOK_MS);
  const answer = stdout.trim();
  if (status === 0 && answer.startsWith("/")) return describeReady(root, answer);
  if (status === 0) return describeMaking(root, answer === "official" ? "official" : "built", cache);
  if (status === 124) return [note("Engine", "Pulumi", `not known: ${stderr}`)];
  const [first = "", ...more] = stderr
    .replace(/^engine: /, "")
    .split("\n")
    .map((line) => line.trim());
  return [missing("Engine", "Pulumi", first, more.filter(Boolean).join(" "))];
}
