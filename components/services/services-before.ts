import { ApplicationArgs } from "./application";

/** The services whose readiness an application waits for, by name; `./dev up` shows them while it waits. */
export function servicesBefore({ after = [], uses = [] }: Pick<ApplicationArgs, "after" | "uses">): string[] {
  const names = [...after, ...uses].map((other) => (other as Partial<Named>).service?.service);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** What a component with containers has; a key ring or a given secret has nothing to wait for. */
interface Named {
  readonly service: { readonly service?: string };
}
