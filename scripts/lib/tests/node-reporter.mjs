// Reporter of `node --test`: a line of JSON for each test that has ended, in the shape of TestResult.
import { basename, resolve } from "node:path";

export default async function* report(source) {
  const errorOutput = new Map();
  for await (const { type, data } of source) {
    if (type === "test:stderr") {
      const file = resolve(data.file);
      errorOutput.set(file, (errorOutput.get(file) ?? "") + data.message);
    }
    if (type !== "test:pass" && type !== "test:fail") continue;
    const result = isWholeFile(data) ? ofFile(type, data, errorOutput) : ofTest(type, data);
    if (result) yield `${JSON.stringify(result)}\n`;
  }
}

/** Node tells of a file as of a test of that name when it has no tests that were asked for, and when it fails itself. */
function isWholeFile({ nesting, name, file }) {
  return nesting === 0 && file !== undefined && resolve(name) === file;
}

function ofFile(type, data, errorOutput) {
  if (type === "test:pass") return undefined;
  const reason = errorOutput.get(data.file)?.trim() || reasonOf(data);
  return { ...common(data), name: "loads", status: "failed", reason };
}

/** A suite counts when it fails by itself, as by a hook: no test of it may tell. A test that is still to do never fails. */
function ofTest(type, data) {
  const isFailed = type === "test:fail" && data.todo === undefined;
  if (data.details.type === "suite" && (!isFailed || data.details.error?.failureType === "subtestsFailed")) return;
  if (isFailed) return { ...common(data), status: "failed", reason: reasonOf(data) };
  const isSkipped = data.skip !== undefined || data.todo !== undefined;
  return { ...common(data), status: isSkipped ? "skipped" : "passed" };
}

function common({ file, name, details }) {
  return { file: basename(file ?? ""), name, seconds: (details.duration_ms ?? 0) / 1000 };
}

function reasonOf({ details }) {
  const failure = details.error?.cause ?? details.error;
  return failure?.stack ?? String(failure);
}
