// Every rule of a zod schema, found by walking it: types, bounds, formats, choices, unknown and required keys, checks.
import { z } from "zod";

export interface Rule {
  /** Where the value stands; entries of a list under `0`. */
  readonly path: readonly string[];
  readonly kind: Kind;
  /** Bound, step, choices, known keys, expected type or name of a check. */
  readonly detail: string | number | readonly unknown[];
}

export type Kind =
  | ("type" | "required" | "whole" | "least" | "most" | "step" | "shortest" | "longest" | "format" | "choice")
  | ("unknown key" | "refinement" | "check");

/** What zod keeps of a check, as far as it says what the rule is. */
interface CheckDef {
  readonly check: string;
  readonly value?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly params?: { readonly name?: string };
}

export const idOf = ({ path, kind, detail }: Rule): string =>
  [path.join("."), kind, ...(["check", "format"].includes(kind) ? [String(detail)] : [])].join(": ");

export function rulesOf(schema: z.ZodType, path: readonly string[] = []): Rule[] {
  const { inner, required } = unwrap(schema);
  const rule = (kind: Kind, detail: Rule["detail"]): Rule => ({ path, kind, detail });
  const missing = required && path.length > 0 && !isEntry(path) ? [rule("required", typeName(inner))] : [];
  const checks = (inner.def.checks ?? []).map(({ _zod }) => checkRule(_zod.def as unknown as CheckDef, rule));
  return [...missing, ...ownRules(inner, path, rule), ...checks];
}

type Make = (kind: Kind, detail: Rule["detail"]) => Rule;

function ownRules(schema: z.ZodType, path: readonly string[], rule: Make): Rule[] {
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries(schema.shape);
    return [
      ...(path.length > 0 ? [rule("type", "object")] : []),
      rule("unknown key", Object.keys(schema.shape)),
      ...shape.flatMap(([key, inner]) => rulesOf(inner, [...path, key])),
    ];
  }
  if (schema instanceof z.ZodArray)
    return [rule("type", "array"), ...rulesOf(schema.element as z.ZodType, [...path, "0"])];
  if (schema instanceof z.ZodEnum) return [rule("choice", schema.options)];
  if (schema instanceof z.ZodNumber) {
    return [rule("type", "number"), ...(schema.format === "safeint" ? [rule("whole", "int")] : [])];
  }
  if (schema instanceof z.ZodStringFormat) return [rule("type", "string"), rule("format", schema.def.format)];
  if (schema instanceof z.ZodString) return [rule("type", "string")];
  if (schema instanceof z.ZodBoolean) return [rule("type", "boolean")];
  throw new Error(`${path.join(".")}: no cases are made for a schema of type ${schema.def.type}`);
}

/** A list may be empty, so an entry is never missing. */
const isEntry = (path: readonly string[]): boolean => path.at(-1) === "0";

function checkRule({ check, value, minimum, maximum, format, params }: CheckDef, rule: Make): Rule {
  switch (check) {
    case "greater_than":
      return rule("least", value ?? 0);
    case "less_than":
      return rule("most", value ?? 0);
    case "multiple_of":
      return rule("step", value ?? 0);
    case "min_length":
      return rule("shortest", minimum ?? 0);
    case "max_length":
      return rule("longest", maximum ?? 0);
    case "string_format":
      return rule("format", format ?? "");
    case "custom":
      return params?.name === undefined ? rule("refinement", "") : rule("check", params.name);
    default:
      throw new Error(`no cases are made for the check ${check}`);
  }
}

/** The schema inside defaults and optionals, and whether the key may be left out. */
export function unwrap(schema: z.ZodType): { inner: z.ZodType; required: boolean } {
  let [inner, required] = [schema, true];
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodOptional || inner instanceof z.ZodPrefault) {
    [inner, required] = [inner.unwrap() as z.ZodType, false];
  }
  return { inner, required };
}

function typeName(schema: z.ZodType): string {
  return schema instanceof z.ZodNumber ? "number" : schema.def.type;
}
