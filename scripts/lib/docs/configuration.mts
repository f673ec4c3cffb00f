// The table of every key that an environment may set, from the program's own schema.
import { join } from "node:path";
import { UserError } from "../run.mts";
import { loader } from "./mocked-run.mts";

/** The parts of a JSON schema that are told. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
  readonly items?: Schema;
  readonly required?: readonly string[];
}

export interface Key {
  readonly path: string;
  readonly type: string;
  readonly default: string;
  readonly description: string;
  readonly example: unknown;
}

/** The schema of the program at `root`, as its users write values. */
export function programSchema(root: string): Schema {
  const load = loader(root);
  const { schema } = load(join(root, "settings.ts")) as { schema: unknown };
  const { z } = load("zod") as { z: { toJSONSchema(schema: unknown, options: object): Schema } };
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any", target: "draft-7" });
}

/** Every key of a schema, in its order. @throws UserError that names the keys nobody has described */
export function keysOf(schema: Schema, path: readonly string[] = []): Key[] {
  const keys = collect(schema, path);
  const silent = keys.filter(({ description, example }) => description === "" || example === undefined);
  if (silent.length > 0) {
    throw new UserError(
      `${silent.length} key(s) of the configuration have no description or no example`,
      ...silent.map((key) => `${key.path}: add .meta({ description, examples }) in its schema`),
    );
  }
  return keys;
}

function collect(schema: Schema, path: readonly string[]): Key[] {
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, inner]) => collect(inner, [...path, name]));
  }
  return [
    {
      path: path.join("."),
      type: typeOf(schema),
      default: schema.default === undefined ? "" : JSON.stringify(schema.default),
      description: schema.description ?? "",
      example: schema.examples?.[0],
    },
  ];
}

function typeOf({ type, enum: values, minimum, maximum, minLength, maxLength, format, items }: Schema): string {
  if (values) return values.map((value) => JSON.stringify(value)).join(", ");
  if (items) return `list of ${typeOf(items)}`;
  const bounds = [
    ...(minimum !== undefined ? [`${minimum} or more`] : []),
    ...(maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? [`at most ${maximum}`] : []),
    ...(minLength !== undefined ? [`${minLength} characters or more`] : []),
    ...(maxLength !== undefined ? [`at most ${maxLength} characters`] : []),
    ...(format !== undefined ? [FORMATS[format] ?? format] : []),
  ];
  return [type ?? "", ...bounds].filter(Boolean).join(", ");
}

const FORMATS: Readonly<Record<string, string>> = { uri: "URL", ipv4: "IPv4 address", cidrv4: "CIDR" };

/** A section for the project, and in it one for each top-level key, with a table of the keys below it. */
export function configurationTables(project: string, schema: Schema): string {
  const sections = Object.entries(schema.properties ?? {}).map(
    ([name, inner]) => `### ${name}\n\n${table(keysOf(inner, [name]))}`,
  );
  return [`## Keys of ${project}`, ...sections].join("\n\n");
}

function table(keys: readonly Key[]): string {
  const rows = keys.map((key) => [
    code(key.path),
    cell(key.type),
    key.default === "" ? "none" : code(key.default),
    cell(key.description),
    code(typeof key.example === "string" ? key.example : JSON.stringify(key.example)),
  ]);
  const lines = [["key", "type", "default", "meaning", "example"], ["---", "---", "---", "---", "---"], ...rows];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
const code = (text: string): string => `\`${cell(text)}\``;
