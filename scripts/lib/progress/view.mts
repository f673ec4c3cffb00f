// The live region: one row a service, and a last one for the update as a whole.
import { count } from "../run.mts";
import type { Progress } from "./model.mts";
import { inOrder, type Phase, standing } from "./words.mts";
import { serviceLine } from "./lines.mts";
import { sharedText } from "./summary.mts";

export type Tone = "good" | "busy" | "quiet" | "bad";

export interface Row {
  readonly tone: Tone;
  readonly text: string;
}

const TONES: Readonly<Record<Phase, Tone>> = {
  waiting: "quiet",
  idle: "quiet",
  busy: "busy",
  starting: "busy",
  ready: "good",
  unchanged: "quiet",
  stopping: "busy",
  removed: "good",
  failed: "bad",
};

/** Services that change, and while they do also those that have yet to show whether they change. */
export function serviceRows(progress: Progress, now: number): Row[] {
  const services = inOrder(progress);
  const anyChange = progress.changesMade > 0 || services.some(({ changed }) => changed);
  return services.flatMap((service) => {
    const { phase, words, time } = standing(service, progress, now);
    const settled = phase === "unchanged" || progress.ended;
    if (!service.changed && !service.failed && (settled || !anyChange)) return [];
    return [{ tone: TONES[phase], text: serviceLine(service.name, words, time) }];
  });
}

function routeRow({ routes }: Progress): Row[] {
  const names = [...routes.active].sort();
  const under = [...routes.tasks.values()].map(({ name }) => name).sort();
  if (names.length + under.length === 0) return [];
  const words = [
    ...(names.length > 0 ? [`${names.join(", ")} active`] : []),
    ...(under.length > 0 ? [`changing ${under.join(", ")}`] : []),
  ];
  return [{ tone: under.length > 0 ? "busy" : "good", text: serviceLine("routes", words.join(", ")) }];
}

function sharedRow(progress: Progress): Row[] {
  const text = sharedText(progress);
  return text === ""
    ? []
    : [{ tone: progress.shared.tasks.size > 0 ? "busy" : "good", text: serviceLine("shared", text) }];
}

/** Everything that changed, one row each. */
export function tableRows(progress: Progress, now: number): Row[] {
  return [...serviceRows(progress, now), ...routeRow(progress), ...sharedRow(progress)];
}

function overall(progress: Progress): string {
  if (!progress.begun) return "running the program";
  if (progress.changesMade === 0) return "comparing with what is there";
  return `${count(progress.changesMade, "change")} made`;
}

/** The whole region while Pulumi works; `notice` is a last word to the user, such as that an interruption was heard. */
export function liveRows(progress: Progress, now: number, notice = ""): Row[] {
  const last = { tone: "quiet", text: serviceLine("pulumi", notice || overall(progress), now) } as const;
  return [...tableRows(progress, now), last];
}

/** At most `columns` characters, the time at the end kept. */
export function fit(text: string, columns: number): string {
  if (text.length <= columns) return text;
  const time = / +\d+\.\d s$/.exec(text)?.[0].trim() ?? "";
  const room = Math.max(0, columns - (time ? time.length + 1 : 0) - 1);
  return `${text.slice(0, room).trimEnd()}…${time ? ` ${time}` : ""}`;
}
