// Plain lines for a log: one for each event that matters, and a sign of life every ten seconds.
import type { Progress, Service } from "./model.mts";
import { seconds } from "./lines.mts";
import { inOrder, type Standing, standing } from "./words.mts";

const REPEAT_MS = 10_000;

/** A line with the time since the update began in front. */
function timed(text: string, now: number): string {
  return `  ${seconds(now).padStart(8)}  ${text}`;
}

export class PlainTeller {
  /** What was last told of a service, by its name. */
  private readonly told = new Map<string, string>();
  /** Services whose end was told; what is cleared away after that is not worth telling it again. */
  private readonly ended = new Set<string>();
  private readonly routes = new Set<string>();
  private toldAt = 0;

  /** What is new since it was last asked; `now` is the time since the update began. */
  lines(progress: Progress, now: number): string[] {
    const news = [
      ...inOrder(progress).flatMap((service) => this.serviceNews(service, standing(service, progress, now))),
      ...this.routeNews(progress),
    ];
    if (news.length === 0 && now - this.toldAt >= REPEAT_MS) news.push(`still waiting for ${underWay(progress, now)}`);
    if (news.length > 0) this.toldAt = now;
    return news.map((text) => timed(text, now));
  }

  private serviceNews(service: Service, { phase, words, time }: Standing): string[] {
    const { name } = service;
    const waits = phase === "waiting" && service.changed && !this.told.has(name);
    const ends = (phase === "ready" && service.startedAt !== undefined) || phase === "removed";
    if (!waits && !["starting", "stopping", "failed"].includes(phase) && !ends) return [];
    if (this.told.get(name) === words || (ends && this.ended.has(name))) return [];
    this.told.set(name, words);
    if (ends) this.ended.add(name);
    else if (phase === "starting") this.ended.delete(name);
    return [`${name}: ${words}${ends && time !== undefined ? ` after ${seconds(time)}` : ""}`];
  }

  private routeNews({ routes }: Progress): string[] {
    const names = [...routes.active].filter((name) => !this.routes.has(name));
    for (const name of names) this.routes.add(name);
    return names.map((name) => `route to ${name} is active`);
  }
}

/** The steps under way, with what each has taken so far. */
function underWay(progress: Progress, now: number): string {
  if (!progress.begun) return "the program";
  const busy = inOrder(progress).flatMap((service) => {
    const { phase, words, time } = standing(service, progress, now);
    const working = ["busy", "starting", "stopping"].includes(phase);
    return working ? [`${service.name} (${words}, ${seconds(time ?? 0)})`] : [];
  });
  return busy.join(", ") || "Pulumi";
}
