import { Problem } from "../settings/problems";

/** Names that are none of a variable: each becomes one of the environment, and a file's name. */
export function variableProblems(path: string, names: readonly string[]): Problem[] {
  const want = "the name of a variable: letters, digits and underscores, at most 128, no digit first";
  return names
    .filter((name) => !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name))
    .map((name) => ({ path, want, got: JSON.stringify(name) }));
}
