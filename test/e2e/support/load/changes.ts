import * as fs from "node:fs";

import { Deployment } from "../deployment";

/** Steps that change nothing: what stays as it is, and the stack with its outputs. */
const IDLE = /^(same|read|refresh) |^\S+ pulumi:pulumi:Stack /;

/** A preview has one step for them. */
const PARTS_OF_REPLACEMENT = /^(create-replacement|delete-replaced) /;

/** What a preview says an update would do: `operation type name` of every change, sorted. */
export async function previewed(stack: Deployment): Promise<string[]> {
  const digest = await stack.devOk("pulumi", "preview", "--json", "--stack", stack.stack);
  const { steps } = JSON.parse(digest) as { steps: { op: string; urn: string }[] };
  return sorted(steps.map(({ op, urn }) => `${op} ${typeOf(urn)} ${urn.split("::").at(-1) ?? ""}`));
}

/** What the last `./dev up` did, by its record of the engine's events. */
export function done(recordFile: string): string[] {
  const lines = fs.readFileSync(recordFile, "utf8").matchAll(/^ *[\d.]+ s {2}done +(\S+ \S+ \S+)$/gm);
  return sorted([...lines].map(([, step = ""]) => step));
}

function typeOf(urn: string): string {
  return urn.split("::").at(-2)?.split("$").at(-1) ?? "";
}

function sorted(steps: readonly string[]): string[] {
  const changes = steps
    .filter((step) => !IDLE.test(step))
    .map((step) => step.replace(PARTS_OF_REPLACEMENT, "replace "));
  return [...new Set(changes)].sort();
}
