// Why an update failed, without the noise around it.
import { type Diagnostic, nameOf } from "./events.mts";
import type { Progress } from "./model.mts";
import { inOrder, standing } from "./words.mts";

export interface Failure {
  readonly message: string;
  readonly details: readonly string[];
}

/** How the command provider quotes the command that failed, above the command's own words. */
const QUOTED_COMMAND = /^(.*): running ".*":\s*/;
/** What the engine says in the end of any failure. */
const SUMMING_UP = /^(update|destroy|resource operation|operation) (failed|canceled)$/;
const LONGEST_LINE = 400;

const shorten = (line: string): string => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line);

/** The command's own words where it said any, and names instead of URNs. */
function ownWords(message: string): string {
  const words = message.replace(QUOTED_COMMAND, "").trim() || (QUOTED_COMMAND.exec(message)?.[1] ?? "");
  return words.replace(/urn:pulumi:\S*::([^\s:]+)/g, "$1");
}

function failure(diagnostic: Diagnostic, progress: Progress): Failure {
  const lines = ownWords(diagnostic.message).split("\n").map(shorten);
  const owner = diagnostic.urn ? progress.owner(diagnostic.urn) : undefined;
  const name = owner?.name ?? (diagnostic.urn ? nameOf(diagnostic.urn) : "");
  // Gates end with the reason, and begin with what the check said last.
  const index = Math.max(
    0,
    lines.findIndex((line) => name !== "" && line.startsWith(`${name} `)),
  );
  const [headline = ""] = lines.splice(index, 1);
  return { message: name === "" || headline.includes(name) ? headline : `${name}: ${headline}`, details: lines };
}

/** Each error once; the engine's summing up only where there is nothing better. */
export function failures(progress: Progress): Failure[] {
  const errors = progress.diagnostics.filter(({ severity }) => severity === "error");
  const telling = errors.filter(({ message }) => !SUMMING_UP.test(message));
  const all = (telling.length > 0 ? telling : errors).map((error) => failure(error, progress));
  const texts = all.map((one) => JSON.stringify(one));
  return all.filter((_, index) => texts.indexOf(texts[index] ?? "") === index);
}

/** Services that the update did not come to because of those that failed. */
export function notReached(progress: Progress): string[] {
  const untouched = ["waiting", "idle"];
  return inOrder(progress)
    .filter((service) => untouched.includes(standing(service, progress, 0).phase))
    .map(({ name }) => name);
}

/** What the user reads on a failure: every reason, what was not reached, and where the rest stands. */
export function failureReport(progress: Progress, otherOutput: readonly string[], logFile: string): string[] {
  const known = failures(progress);
  const output = otherOutput.filter((line) => line.trim() !== "");
  const [first = "Pulumi failed and did not say why", ...rest] = output;
  const all = known.length > 0 ? known : [{ message: first.replace(/^error: /, ""), details: rest }];
  const missed = notReached(progress);
  return [
    ...all.flatMap(({ message, details }) => [`error: ${message}`, ...details.map((line) => `       ${line}`)]),
    ...(missed.length > 0 ? [`       not reached: ${missed.join(", ")}`] : []),
    `       all that Pulumi did: ${logFile}`,
  ];
}

/** Warnings, and what the program itself printed; what providers chat about stands in the log. */
export function remarks(progress: Progress): string[] {
  const texts = progress.diagnostics.flatMap(({ severity, urn, message }) => {
    if (severity === "warning") return [`warning: ${urn ? `${nameOf(urn)}: ` : ""}${message}`];
    const fromProgram = severity.startsWith("info") && (!urn || urn.includes("::pulumi:pulumi:Stack::"));
    return fromProgram ? [message] : [];
  });
  return [...new Set(texts)];
}
