// Follows one run of Pulumi: events to the view and to the log, its end to a summary or the reasons of its failure.
import { type Display, REDRAW_MS } from "./display.mts";
import { failureReport, remarks } from "./failure.mts";
import { phaseLine } from "./lines.mts";
import { Progress } from "./model.mts";
import { runPulumi } from "./pulumi.mts";
import { RecordFile } from "./record.mts";
import { changesText } from "./summary.mts";

const INTERRUPTED = "interrupted: ends what is under way; Ctrl-C again stops at once";

export interface Following {
  readonly args: readonly string[];
  readonly logFile: string;
  readonly display: Display;
}

/** A view that breaks must not take the update with it. */
function harmless(act: () => void): () => void {
  let broken = false;
  return () => {
    if (broken) return;
    try {
      act();
    } catch (error) {
      broken = true;
      process.stderr.write(`    the view of the progress broke, the update goes on: ${String(error)}\n`);
    }
  };
}

/** What the line about Pulumi says after a success. */
function outcome(args: readonly string[], progress: Progress): string {
  if (args[0] === "up") return changesText(progress) ?? "up";
  const data = args.includes("--exclude-protected") ? "data volumes kept" : "with all data";
  return `${changesText(progress, "kept") ?? "destroyed"}, ${data}`;
}

/** Runs Pulumi to its end; gives its exit code. */
export async function follow({ args, logFile, display }: Following): Promise<number> {
  const began = Date.now();
  const clock = (): number => Date.now() - began;
  const progress = new Progress(args[0] === "destroy");
  const record = new RecordFile(logFile);
  const otherOutput: string[] = [];
  const show = harmless(() => display.show(progress, clock()));
  const redraw = setInterval(show, REDRAW_MS);
  const interrupt = (): void => display.notice(INTERRUPTED);
  process.on("SIGINT", interrupt);
  const code = await runPulumi(args, {
    event(event) {
      record.event(event, clock());
      progress.apply(event, clock());
      show();
    },
    text(line) {
      record.text(line, clock());
      otherOutput.push(line);
    },
  });
  clearInterval(redraw);
  process.off("SIGINT", interrupt);
  record.close();
  harmless(() => display.settle(progress, clock()))();
  if (code !== 0) {
    const report = failureReport(progress, otherOutput, logFile);
    process.stderr.write(report.map((line) => `${line}\n`).join(""));
    return code;
  }
  for (const remark of remarks(progress)) display.line(`    ${remark}`);
  display.line(phaseLine("pulumi", outcome(args, progress), clock()));
  return code;
}
