// Reporter of jest for tests that take minutes: a line for each file that begins, and for each test that has ended.
import console from "node:console";
import { basename } from "node:path";
import { performance } from "node:perf_hooks";

const MARKS = { passed: "ok", failed: "FAILED" };

export default class Progress {
  began = performance.now();

  onTestFileStart({ path }) {
    this.tell(path, "begins");
  }

  onTestCaseResult({ path }, { status, ancestorTitles, title, duration }) {
    const mark = MARKS[status];
    if (mark === undefined) return;
    this.tell(path, `${mark} ${seconds(duration ?? 0)}  ${[...ancestorTitles, title].join(" › ")}`);
  }

  /** What a file said comes with its end: several run at once. */
  onTestFileResult({ path }, { console: said, perfStats, testExecError }) {
    for (const { message } of said ?? []) this.tell(path, message);
    if (testExecError) this.tell(path, `FAILED to load: ${testExecError.message}`);
    this.tell(path, `ends after ${seconds(perfStats.end - perfStats.start)}`);
  }

  tell(path, text) {
    const at = seconds(performance.now() - this.began).padStart(9);
    for (const line of text.split("\n")) console.log(`${at}  ${basename(path, ".test.ts")}: ${line}`);
  }
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
