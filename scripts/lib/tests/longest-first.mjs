// Order of e2e files: those that take longest begin first, so that none of them is left to run by itself at the end.
import { readFileSync } from "node:fs";
import { extract, parse } from "jest-docblock";

export default class LongestFirst {
  sort(tests) {
    const ordered = tests.map((test) => ({ test, minutes: minutesOf(test.path) }));
    return ordered.sort((a, b) => b.minutes - a.minutes).map(({ test }) => test);
  }

  /** Jest tells how long each took; what the files say is enough. */
  cacheResults() {}
}

/** What a file says by `@minutes`. */
function minutesOf(path) {
  return Number(parse(extract(readFileSync(path, "utf8"))).minutes ?? 1);
}
