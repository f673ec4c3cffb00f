import { indent } from "./indent";

/** What some server reads as a slash: also decoded twice, and in the overlong UTF-8 that old ones take. */
const SLASH = String.raw`(?:/|\\|%(?:25)*(?:2f|5c)|%c0%af|%c1%9c|%e0%80%af)`;
const DOT = String.raw`(?:\.|%(?:25)*2e|%c0%ae|%e0%80%ae)`;
/** What ends a segment: some servers read `..;x` as `..`. */
const END = String.raw`(?:${SLASH}|;|%(?:25)*3b|\?|$)`;

/**
 * nginx chooses a location by the decoded path and passes the path on as it came, so a service that reads it in another
 * way would serve what is not its own there. `$strange_target`: what no browser sends, and no two servers read alike.
 * `$encoded_slash`: what only paths with `encodedSlashes` may have. Neither looks at the query.
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
  ${quoted(`~*^1[^?]*${SLASH}${DOT}{1,2}${END}`)} 1;
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

/** A regular expression as nginx' own quotes want it. */
function quoted(regularExpression: string): string {
  return `"${regularExpression.replaceAll("\\", String.raw`\\`).replaceAll('"', String.raw`\"`)}"`;
}
