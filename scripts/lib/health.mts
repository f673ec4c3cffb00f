// Judging what Docker says of the service containers, apart from the waiting.

/** The part of `docker inspect` that matters here. */
export interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> | null };
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly Health?: { readonly Status: string; readonly Log?: readonly { readonly Output: string }[] | null } | null;
  };
}

export interface Verdict {
  readonly container: Inspected;
  readonly service: string;
  /** `healthy`, or why not yet: `starting`, `unhealthy`, `exited with code 1`, … */
  readonly word: string;
  readonly ok: boolean;
  /** It will not get well by itself, unless it changes within the patience that the waiting grants. */
  readonly bad: boolean;
}

export function judge(container: Inspected): Verdict {
  const { Status, ExitCode, Health } = container.State;
  const service = container.Config.Labels?.["dockwright.service"] ?? container.Name.replace(/^\//, "");
  const health = Health && Health.Status !== "none" ? Health.Status : undefined;
  if (Status === "exited" || Status === "dead") {
    return { container, service, word: `${Status} with code ${ExitCode}`, ok: false, bad: true };
  }
  if (Status !== "running") return { container, service, word: Status, ok: false, bad: Status !== "created" };
  if (health === undefined) return { container, service, word: "running, no health check", ok: true, bad: false };
  return { container, service, word: health, ok: health === "healthy", bad: health === "unhealthy" };
}

/** `postgres, backend (2)`: the services of the verdicts, each with its number of containers where there are several. */
export function nameServices(verdicts: readonly Verdict[]): string {
  const counts = new Map<string, number>();
  for (const { service } of verdicts) counts.set(service, (counts.get(service) ?? 0) + 1);
  return [...counts].map(([service, count]) => (count > 1 ? `${service} (${count})` : service)).join(", ");
}

export function lastHealthLog({ State }: Inspected): string {
  return (State.Health?.Log ?? []).at(-1)?.Output.trim() ?? "";
}
