// The tables of what differs between the environments of a system.
import { type Key, keysOf, programSchema } from "./configuration.mts";
import { STACKS, type System, valuesOf } from "./systems.mts";

/** A row for each key whose value is not the same everywhere; what a file leaves out is the schema's default. */
export function environmentsTable(system: System): string {
  const rows = keysOf(programSchema(system.root)).flatMap((key) => {
    const cells = STACKS.map((stack) => shown(valueAt(valuesOf(system, stack), key)));
    return new Set(cells).size > 1 ? [[`\`${key.path}\``, ...cells]] : [];
  });
  const lines = [["key", ...STACKS], ["---", "---", "---", "---"], ...rows];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function valueAt(values: Readonly<Record<string, unknown>>, { path, default: unset }: Key): unknown {
  const found = path
    .split(".")
    .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], values);
  return found ?? (unset === "" ? undefined : (JSON.parse(unset) as unknown));
}

/** A value in a cell. Digests say nothing to a reader. */
function shown(value: unknown): string {
  if (value === undefined) return "–";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return `\`${text.replace(/@sha256:[0-9a-f]+$/, "@sha256:…").replaceAll("|", "\\|")}\``;
}
