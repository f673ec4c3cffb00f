// The resources of a stack as its state and a preview tell them, with what the topology is read from.
import { UserError } from "../run.mts";

/** Inputs are what the providers' schemas say; secrets and what is not known yet are no plain values. */
export type Inputs = Readonly<Record<string, unknown>>;

export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string | undefined;
  readonly inputs: Inputs;
  /** URNs of all it waits for. */
  readonly dependencies: readonly string[];
  /** The same by the input that brought them. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[] | null>>;
}

interface Stored {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
  readonly inputs?: Inputs;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Record<string, readonly string[] | null> | null;
  readonly delete?: boolean;
}

function asResource({ urn, type, parent, inputs, dependencies, propertyDependencies }: Stored): Resource {
  return {
    ...{ urn, type, parent, inputs: inputs ?? {} },
    dependencies: dependencies ?? [],
    propertyDependencies: propertyDependencies ?? {},
  };
}

/** From the output of `pulumi stack export`. */
export function fromState(text: string): Resource[] {
  const { deployment } = JSON.parse(text) as { deployment?: { resources?: readonly Stored[] } };
  return (deployment?.resources ?? []).filter((stored) => !stored.delete).map(asResource);
}

/** From the output of `pulumi preview --json`: what would be there afterwards. */
export function fromPreview(text: string): Resource[] {
  const { steps, diagnostics } = JSON.parse(text) as {
    steps?: readonly { readonly op: string; readonly newState?: Stored }[];
    diagnostics?: readonly { readonly severity: string; readonly message: string }[];
  };
  const errors = (diagnostics ?? [])
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.trim());
  if (errors.length > 0) throw new UserError("the preview failed", ...errors.join("\n").split("\n"));
  const found = new Map<string, Resource>();
  for (const { op, newState } of steps ?? []) {
    if (newState && !op.includes("delete") && !op.startsWith("discard")) found.set(newState.urn, asResource(newState));
  }
  return [...found.values()];
}

/** `postgres-container` of `urn:pulumi:dev::shop::…::postgres-container`. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

export function records(value: unknown): Inputs[] {
  return Array.isArray(value) ? value.filter((item): item is Inputs => typeof item === "object" && item !== null) : [];
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
