// The view of an update's progress, from events recorded of real runs of Lunch Bot.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type EngineEvent, parseEvent, plainText } from "../../scripts/lib/progress/events.mts";
import { failureReport, remarks } from "../../scripts/lib/progress/failure.mts";
import { Progress } from "../../scripts/lib/progress/model.mts";
import { PlainTeller } from "../../scripts/lib/progress/plain.mts";
import { recordLine } from "../../scripts/lib/progress/record.mts";
import { changesText } from "../../scripts/lib/progress/summary.mts";
import { fit, liveRows, tableRows } from "../../scripts/lib/progress/view.mts";

type Recorded = EngineEvent & { readonly at: number };

function recorded(name: string): Recorded[] {
  const text = readFileSync(join(import.meta.dirname, "fixtures", "progress", `${name}.jsonl`), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Recorded);
}

/** The progress after all events up to a time. */
function after(name: string, milliseconds = Infinity): Progress {
  const progress = new Progress(name === "down");
  for (const event of recorded(name)) if (event.at <= milliseconds) progress.apply(event, event.at);
  return progress;
}

/** Live rows at a time, single-spaced. */
function rows(name: string, milliseconds: number): string[] {
  return liveRows(after(name, milliseconds), milliseconds).map(({ text }) => text.trim().replace(/ {2,}/g, " "));
}

function plainLines(name: string): string[] {
  const progress = new Progress(name === "down");
  const teller = new PlainTeller();
  const lines: string[] = [];
  let time = 0;
  for (const event of recorded(name)) {
    for (; time < event.at; time += 100) lines.push(...teller.lines(progress, time));
    progress.apply(event, event.at);
    lines.push(...teller.lines(progress, event.at));
  }
  return lines;
}

test("a cold start shows each service with what it does and what it waits for, in the order of starts", () => {
  assert.deepEqual(rows("cold", 36_928), [
    "kafka starting, waiting for readiness 9.6 s",
    "nginx ready 7.1 s",
    "postgres ready 8.1 s",
    "redis ready 4.7 s",
    "migrate getting its database login 4.5 s",
    "backend getting its database login 4.6 s",
    "notifications-worker getting its database login 4.5 s",
    "recommendations-worker waits for migrate, kafka",
    "frontend waits for backend",
    "telegram-bot waits for backend",
    "shared 4 networks, 8 secrets",
    "pulumi 57 changes made 36.9 s",
  ]);
});

test("a finished start leaves one row a service, the routes and a count", () => {
  const progress = after("cold");
  assert.equal(tableRows(progress, 0).length, 12);
  assert.ok(tableRows(progress, 0).every(({ tone }) => tone === "good"));
  assert.match(tableRows(progress, 0)[10]?.text ?? "", /routes +backend, frontend active$/);
  assert.equal(changesText(progress), "109 created, 9 unchanged");
});

test("while nothing changes there is one row only, and nothing of it stays", () => {
  for (const at of [0, 15_000, 30_000, 38_000]) assert.equal(rows("noop", at).length, 1);
  assert.deepEqual(tableRows(after("noop"), 0), []);
  assert.equal(changesText(after("noop")), "118 unchanged");
});

test("a rotation shows the consumers it replaces and nobody else", () => {
  assert.deepEqual(
    tableRows(after("rotate"), 0).map(({ text }) => text.trim().replace(/ {2,}/g, " ")),
    [
      "nginx updated",
      "migrate replaced, done 3.8 s",
      "backend replaced, ready 10.3 s",
      "notifications-worker replaced, ready 9.0 s",
      "routes backend active",
    ],
  );
  assert.ok(rows("rotate", 83_000).includes("backend stopping its old container 6.9 s"));
});

test("taking down says what is stopped, and keeps the rest in sight until it goes", () => {
  const midway = rows("down", 14_000);
  assert.ok(midway.includes("backend stopping 0.6 s"), midway.join("\n"));
  assert.ok(midway.includes("postgres to be removed"));
  assert.ok(midway.includes("frontend removed"));
  assert.equal(changesText(after("down"), "kept"), "109 deleted, 9 kept");
});

test("plain lines tell each event once, with the time, and without any escape sequence", () => {
  const lines = plainLines("cold");
  const about = (service: string) => lines.filter((line) => line.includes(`  ${service}: `)).map((line) => line.trim());
  assert.deepEqual(about("backend"), [
    "15.5 s  backend: waits for migrate, postgres, redis, kafka",
    "117.7 s  backend: starting, waiting for readiness",
    "121.4 s  backend: ready after 6.1 s",
  ]);
  assert.equal(lines.filter((line) => line.includes(": ready after") || line.includes(": done after")).length, 10);
  assert.doesNotMatch(lines.join("\n"), /\x1b/); // eslint-disable-line no-control-regex
});

test("plain lines show life at least every ten seconds", () => {
  const lines = plainLines("cold");
  const times = lines.map((line) => Number(/^ *(\d+\.\d) s {2}/.exec(line)?.[1]));
  const gaps = times.map((time, index) => time - (times[index - 1] ?? 0));
  assert.ok(Math.max(...gaps) <= 10.5, String(Math.max(...gaps)));
  assert.ok(lines.some((line) => line.includes("still waiting for kafka (starting, waiting for readiness, ")));
});

test("plain lines of a replacement do not repeat themselves while the old goes", () => {
  const backend = plainLines("rotate").filter((line) => line.includes("  backend: "));
  assert.deepEqual(
    backend.map((line) => line.replace(/^ *\d+\.\d s {2}/, "")),
    [
      "backend: waits for migrate, postgres, redis, kafka",
      "backend: starting, waiting for readiness",
      "backend: replaced, ready after 10.3 s",
      "backend: stopping its old container",
    ],
  );
});

test("a gate that fails is told with its reason, the last log lines, what was not reached and the log", () => {
  const report = failureReport(after("fail"), [], "/data/dev.log");
  assert.equal(report[0], "error: backend exited before it was ready: restarting, exit code 1");
  assert.equal(report[1], "       last 20 log lines of backend:");
  assert.match(report[2] ?? "", /^ {9}\| .*"entry":"no-such-entry"/);
  assert.deepEqual(report.slice(-2), [
    "       not reached: frontend, telegram-bot",
    "       all that Pulumi did: /data/dev.log",
  ]);
  assert.doesNotMatch(report.join("\n"), /exit status|SCRIPT|update failed/);
  assert.ok(Math.max(...report.map((line) => line.length)) < 500);
  assert.ok(tableRows(after("fail"), 0).some(({ text, tone }) => tone === "bad" && /backend +failed/.test(text)));
});

test("the reason of a gate comes before what its check said last", () => {
  const progress = after("fail", 36_000);
  const urn = "urn:pulumi:dev::lunch-bot::dockwright:app:Backend$command:local:Command::backend-gate";
  const said = "last answer of the check: 503\nbackend did not become ready within 90 s\nlast 20 log lines of backend:";
  const message = `<{%reset%}>exit status 1: running "sh -c \\"$SCRIPT\\"":\n${said}\n<{%reset%}>\n`;
  progress.apply({ diagnosticEvent: { urn, message, severity: "error" } }, 40_000);
  assert.deepEqual(failureReport(progress, [], "log").slice(0, 3), [
    "error: backend did not become ready within 90 s",
    "       last answer of the check: 503",
    "       last 20 log lines of backend:",
  ]);
});

test("names stand for URNs, and a command that said nothing is told by its end", () => {
  const urn = "urn:pulumi:dev::shop::dockwright:data:Redis$command:local:Command::redis-gate";
  const first = (message: string) => {
    const progress = new Progress();
    progress.apply({ diagnosticEvent: { urn, message, severity: "error" } }, 0);
    return failureReport(progress, [], "log")[0];
  };
  assert.equal(first('context canceled: running "sh -c \\"$SCRIPT\\"":\n'), "error: redis-gate: context canceled");
  assert.equal(
    first(`deleting ${urn}: 1 error occurred:\n\t* timeout`),
    "error: deleting redis-gate: 1 error occurred:",
  );
});

test("mistakes in the settings are told as the program reports them", () => {
  const [first, second] = failureReport(after("config"), [], "log");
  assert.equal(first, "error: stack configuration: 1 problem(s), nothing was changed");
  assert.match(second ?? "", /app\.logLevel: want one of "debug", "info", "warn", "error", got "loud"/);
});

test("where the engine gave no reason, what Pulumi printed is the reason", () => {
  const report = failureReport(new Progress(), ["error: the stack is currently locked", "", "  by somebody"], "log");
  assert.deepEqual(report.slice(0, 2), ["error: the stack is currently locked", "         by somebody"]);
});

test("warnings and what the program prints are kept; what providers chat about is not", () => {
  const progress = new Progress();
  const say = (severity: string, message: string, urn?: string, ephemeral = false) => {
    progress.apply({ diagnosticEvent: { severity, message, ephemeral, ...(urn && { urn }) } }, 0);
  };
  say("info#err", "hello from the program\n", "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev");
  say("warning", "old option", "urn:pulumi:dev::shop::docker:index/container:Container::web");
  say("info", "pulling", "urn:pulumi:dev::shop::docker:index/container:Container::web");
  say("info", "for a moment", undefined, true);
  assert.deepEqual(remarks(progress), ["hello from the program", "warning: web: old option"]);
});

test("debug messages, which hold secrets in clear, are dropped unread", () => {
  const line = (value: object) => JSON.stringify({ sequence: 1, timestamp: 2, ...value });
  const debug = { prefix: "debug: ", message: "hunter2", color: "never", severity: "debug" };
  assert.equal(parseEvent(line({ diagnosticEvent: debug })), undefined);
  assert.equal(parseEvent(line({ diagnosticEvent: { ...debug, prefix: "" } })), undefined);
  assert.equal(parseEvent("error: not JSON"), "error: not JSON");
  assert.equal(parseEvent("{half"), "{half");
  assert.deepEqual(parseEvent('{"cancelEvent":{}}'), { cancelEvent: {} });
});

test("the log names steps and messages, and no property", () => {
  const urn = "urn:pulumi:dev::shop::docker:index/container:Container::web";
  const metadata = { op: "create", urn, new: { outputs: { env: "value" } } };
  assert.equal(recordLine({ resourcePreEvent: { metadata } }), "begin  create docker:index/container:Container web");
  assert.equal(recordLine({ resOpFailedEvent: { metadata } }), "FAILED create docker:index/container:Container web");
  assert.equal(recordLine({ diagnosticEvent: { urn, message: "no\n", severity: "error" } }), "error web: no");
});

test("rows fit the terminal and keep their time", () => {
  assert.equal(fit("    backend   waits for everything there is     12.3 s", 30), "    backend   waits fo… 12.3 s");
  assert.equal(fit("short", 30), "short");
});

test("the engine's colours are taken out of messages", () => {
  assert.equal(plainText("<{%fg 1%}>red<{%reset%}> plain\n\n"), "red plain");
});
