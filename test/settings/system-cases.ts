// The cases of one system: by rule, and as few configurations that are wrong in many places at once.
import { z } from "zod";

import { completeValues, System } from "../support/stacks";
import { Case, caseOf } from "./cases";
import { CHECK_CASES } from "./check-cases";
import { Rule, rulesOf } from "./rules";
import { withValue } from "./values";

export interface Loaded {
  readonly schema: z.ZodObject;
  readonly rules: readonly Rule[];
  /** Prod's values, in which nothing is wrong. */
  readonly values: unknown;
}

export async function load(system: System): Promise<Loaded> {
  const { schema } = (await system.settings()) as { schema: z.ZodObject };
  return { schema, rules: rulesOf(schema), values: completeValues("prod", system) };
}

/** The pattern under which the cases of a check are written, and the name that its star stands for. */
export function written({ project }: System, { path, detail }: Rule): { pattern: string; name: string } | undefined {
  const check = [path.join("."), String(detail)].filter(Boolean).join(": ");
  for (const pattern of Object.keys(CHECK_CASES[project] ?? {})) {
    const [before = "", after] = pattern.split("*");
    if (after === undefined ? check === pattern : check.startsWith(before) && check.endsWith(after)) {
      return { pattern, name: check.slice(before.length, check.length - (after ?? "").length) };
    }
  }
  return undefined;
}

/** The cases of a rule. */
export function casesOf(system: System, rule: Rule): readonly Case[] {
  if (rule.kind !== "check") return [caseOf(rule)].filter((each) => each !== undefined);
  const found = written(system, rule);
  return found ? (CHECK_CASES[system.project]?.[found.pattern]?.(found.name) ?? []) : [];
}

/** Values with what a case sets. */
export function changed({ schema, values }: Pick<Loaded, "schema" | "values">, set: Case["set"]): unknown {
  return Object.entries(set).reduce((all, [path, value]) => withValue(schema, all, path.split("."), value), values);
}

/** Values that are wrong in many places, and all that should be said of them, in any order. */
export interface Round {
  /** Wrong values by path; the others are prod's. */
  readonly set: Case["set"];
  readonly messages: readonly string[];
}

/**
 * All cases in few configurations, for tests to which each costs a run of the engine. Cases of single values are put
 * together where they do not touch; those of checks stand alone, since a wrong value keeps a check from being asked.
 */
export function roundsOf(system: System, loaded: Loaded): Round[] {
  const together: Case[][] = [];
  const alone: Case[][] = [];
  for (const rule of loaded.rules) {
    for (const each of casesOf(system, rule)) {
      const round = rule.kind === "check" ? undefined : together.find((others) => !touches(each, others));
      if (round) round.push(each);
      else (rule.kind === "check" ? alone : together).push([each]);
    }
  }
  return [...together, ...alone]
    .filter((cases) => cases.every(({ now }) => now === undefined)) // a program cannot be told the time
    .map((cases) => ({
      set: Object.assign({}, ...cases.map(({ set }) => set)) as Case["set"],
      messages: cases.map(({ message }) => message),
    }));
}

function touches({ set }: Case, others: readonly Case[]): boolean {
  const within = (one: string, other: string): boolean => `${one}.`.startsWith(`${other}.`);
  const taken = others.flatMap((other) => Object.keys(other.set));
  return Object.keys(set).some((path) => taken.some((other) => within(path, other) || within(other, path)));
}
