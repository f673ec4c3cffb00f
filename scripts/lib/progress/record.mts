// The log of an update in words: every step with its time, every message. No property of a resource is written.
import { closeSync, openSync, writeSync } from "node:fs";
import { type EngineEvent, nameOf, plainText, type Step, typeOf } from "./events.mts";
import { seconds } from "./lines.mts";

function step(verb: string, { op, urn }: Step): string {
  return `${verb} ${op} ${typeOf(urn)} ${nameOf(urn)}`;
}

/** An event as it stands in the log; nothing for those that say nothing. */
export function recordLine(event: EngineEvent): string | undefined {
  if (event.resourcePreEvent) return step("begin ", event.resourcePreEvent.metadata);
  if (event.resOutputsEvent) return step("done  ", event.resOutputsEvent.metadata);
  if (event.resOpFailedEvent) return step("FAILED", event.resOpFailedEvent.metadata);
  if (event.summaryEvent) return `summary ${JSON.stringify(event.summaryEvent.resourceChanges ?? {})}`;
  if (!event.diagnosticEvent || event.diagnosticEvent.ephemeral) return undefined;
  const { severity, urn, message } = event.diagnosticEvent;
  return `${severity}${urn ? ` ${nameOf(urn)}` : ""}: ${plainText(message)}`;
}

/** Readable by its owner alone: messages quote the logs of the users' own services. */
export class RecordFile {
  private readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, "w", 0o600);
  }

  event(event: EngineEvent, now: number): void {
    const line = recordLine(event);
    if (line !== undefined) this.text(line, now);
  }

  text(line: string, now: number): void {
    writeSync(this.file, `${seconds(now).padStart(8)}  ${line}\n`);
  }

  close(): void {
    closeSync(this.file);
  }
}
