import { indent } from "./indent";

/** What some server reads as a slash, also decoded twice. */
const SLASH = String.raw`(?:/|\\|%(?:25)*(?:2f|5c))`;
const DOT = String.raw`(?:\.|%(?:25)*2e)`;
/** What ends a segment: some servers read `..;x` as `..`. */
const END = String.raw`(?:${SLASH}|;|%(?:25)*3b|\?|$)`;
/** Overlong UTF-8, which is none, but old servers read it as slashes, dots and anything else. */
const OVERLONG = [
  byte("c[01]", String.raw`\xc0\xc1`) + byte("[89ab][0-9a-f]", String.raw`\x80-\xbf`),
  byte("e0", String.raw`\xe0`) + byte("[89][0-9a-f]", String.raw`\x80-\x9f`),
  byte("f0", String.raw`\xf0`) + byte("8[0-9a-f]", String.raw`\x80-\x8f`),
  byte("f[89a-f]", String.raw`\xf8-\xff`) + byte("[89ab][0-9a-f]", String.raw`\x80-\xbf`),
].join("|");

/**
 * nginx chooses a location by the decoded path and passes the path on as it came, so a service that reads it in another
 * way would serve what is not its own there. `$strange_target`: what no two servers read alike, such as two slashes
 * at the beginning, behind which a reader of URLs looks for a host. `$encoded_slash`: what only paths with
 * `encodedSlashes` may have. Neither looks at the query.
 */
export function targetVariables(): string {
  return `map $request $has_path {
  default 0;
  "~^[A-Z_-]+ +/[^ #]* HTTP/" 1;
}
map "$has_path$request_uri" $strange_target {
  default 0;
  "~^0" 1;
  ${quoted(String.raw`~^1[^?]*\\`)} 1;
  ${quoted(`~*^1/${SLASH}`)} 1;
  ${quoted(`~*^1[^?]*${SLASH}${DOT}{1,2}${END}`)} 1;
  ${quoted(`~*^1[^?]*(?:${OVERLONG})`)} 1;
}
map $request_uri $encoded_slash {
  default 0;
  "~*^[^?]*%(25)*(2f|5c)" 1;
}
map $request_uri $path_as_sent {
  default "";
  "~^(?<sent_path>[^?#]*)" $sent_path;
}
`;
}

/** Part of a public location. Where slashes may be encoded, those that make it this location may not. */
export function targetCheck(path: string, encodedSlashes = false): string {
  const literal = `^${path.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`;
  const isWrong = encodedSlashes ? `$request_uri !~ ${quoted(literal)}` : "$encoded_slash";
  return `if (${isWrong}) {\n${indent("return 400;\n")}}\n`;
}

/** One byte of a path, encoded however often, or as it is. */
function byte(hex: string, raw: string): string {
  return `(?:%(?:25)*${hex}|[${raw}])`;
}

/** A regular expression as nginx' own quotes want it. */
function quoted(regularExpression: string): string {
  return `"${regularExpression.replaceAll("\\", String.raw`\\`).replaceAll('"', String.raw`\"`)}"`;
}
