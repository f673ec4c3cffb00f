// The part of `pulumi up --json` that a progress view looks at: one JSON object a line.

/** One side of a step: the resource as it was, or as it is to be. */
interface Side {
  readonly parent?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly old?: Side | null;
  readonly new?: Side | null;
}

export interface Diagnostic {
  readonly urn?: string;
  readonly message: string;
  readonly severity: string;
  readonly ephemeral?: boolean;
}

export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: Step };
  readonly resOutputsEvent?: { readonly metadata: Step };
  readonly resOpFailedEvent?: { readonly metadata: Step };
  readonly diagnosticEvent?: Diagnostic;
  readonly summaryEvent?: { readonly resourceChanges?: Readonly<Record<string, number>> };
  /** The engine's last word. */
  readonly cancelEvent?: object;
}

/** Nearly all lines are debug messages, which hold secrets in clear: they are not even parsed. */
const DEBUG = '"diagnosticEvent":{"prefix":"debug: "';

/** The event of a line, nothing for a debug message, or the line itself when it is no event. */
export function parseEvent(line: string): EngineEvent | string | undefined {
  if (line.includes(DEBUG)) return undefined;
  if (!line.startsWith("{")) return line;
  try {
    const event = JSON.parse(line) as EngineEvent;
    return event.diagnosticEvent?.severity === "debug" ? undefined : event;
  } catch {
    return line;
  }
}

/** The logical name at the end of a URN. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** The type at the end of a URN's chain of types: `a:b:C` of `…::x:y:Z$a:b:C::name`. */
export function typeOf(urn: string): string {
  return (urn.split("::").at(-2) ?? "").split("$").at(-1) ?? "";
}

/** Text of a diagnostic, without the engine's colour directives such as `<{%reset%}>`. */
export function plainText(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").trimEnd();
}
