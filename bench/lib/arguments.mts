// The command line of `./dev bench`.
import { parseArgs } from "node:util";
import { UserError } from "../../scripts/lib/run.mts";
import { LIFECYCLE } from "./lifecycle.mts";

export const SCENARIOS: readonly string[] = [...LIFECYCLE, "growth"];

export interface Options {
  readonly wanted: ReadonlySet<string>;
  readonly runs: number;
}

const DEFAULT_RUNS = 2;

export function readArguments(args: readonly string[]): Options {
  const { values } = parse(args);
  const only = values.only ?? [];
  const unknown = only.filter((name) => !SCENARIOS.includes(name));
  const runs = Number(values.runs ?? DEFAULT_RUNS);
  const problems = [
    ...unknown.map((name) => `--only: want one of ${SCENARIOS.join(", ")}, got ${name}`),
    ...(Number.isInteger(runs) && runs >= 1 && runs <= 20
      ? []
      : [`--runs: want a number from 1 to 20, got ${values.runs}`]),
  ];
  if (problems.length > 0) throw new UserError(problems.join("\n       "));
  return { wanted: new Set(only.length > 0 ? only : SCENARIOS), runs };
}

function parse(args: readonly string[]) {
  try {
    const options = { only: { type: "string", multiple: true }, runs: { type: "string" } } as const;
    return parseArgs({ args: [...args], options });
  } catch (error) {
    throw new UserError((error as Error).message, "usage: ./dev bench [--only SCENARIO]… [--runs N]");
  }
}
