import { closest, distance } from "fastest-levenshtein";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { checkParams, valueAt } from "./checks";
import { Problem, report, show } from "./problems";

/** Top-level key of the stack configuration that holds encrypted values; nothing of it is ever printed. */
const SECRETS_KEY = "secrets";

/**
 * Reads and checks the whole stack configuration of this project: the only reader of `pulumi.Config`.
 * Every problem is reported at once, before any resource exists.
 * @throws pulumi.RunError naming each wrong, missing or unknown key
 */
export function loadSettings<Schema extends z.ZodObject>(schema: Schema): z.output<Schema> {
  const { settings, problems } = parseSettings(schema, readConfig());
  report("stack configuration", problems);
  return settings as z.output<Schema>;
}

/** The outcome of checking one configuration. */
export interface ParsedSettings<Schema extends z.ZodType> {
  /** The settings with defaults filled in; absent when there are problems. */
  readonly settings?: z.output<Schema>;
  /** All that is wrong, in the order of the schema. */
  readonly problems: Problem[];
}

/** Checks plain values against a schema; the pure part of {@link loadSettings}. */
export function parseSettings<Schema extends z.ZodType>(schema: Schema, values: unknown): ParsedSettings<Schema> {
  const result = schema.safeParse(values);
  if (result.success) return { settings: result.data, problems: [] };
  return { problems: result.error.issues.flatMap((issue) => describeIssue(schema, values, issue)) };
}

/** This project's configuration as one object: `lunch-bot:limits` becomes `limits`. */
function readConfig(): Record<string, unknown> {
  const prefix = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, raw]) => [key.slice(prefix.length), fromConfigValue(raw)]));
}

/** Objects, numbers and booleans arrive as JSON text, strings as they are. */
function fromConfigValue(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}

function describeIssue(schema: z.ZodType, values: unknown, issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(schema, path, key));
  }
  const secret = path[0] === SECRETS_KEY;
  const given = valueAt(values, path);
  const { got = show(given), fix = given === undefined ? setCommand(path, secret) : undefined } =
    checkParams(issue) ?? {};
  return [
    {
      path: path.join("."),
      want: wanted(issue),
      got: secret && given !== undefined ? "[secret]" : got,
      ...(fix !== undefined && { fix }),
    },
  ];
}

function wanted(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `a value of type ${issue.expected}`;
    case "invalid_value":
      return `one of ${issue.values.map((value) => show(value)).join(", ")}`;
    case "too_small":
      return issue.origin === "string" ? `at least ${issue.minimum} characters` : `${issue.minimum} or more`;
    case "too_big":
      return issue.origin === "string" ? `at most ${issue.maximum} characters` : `${issue.maximum} or less`;
    default:
      return issue.message;
  }
}

/** The line that sets a missing key, ready to copy. */
export function setCommand(path: readonly string[], secret: boolean): string {
  return `pulumi config set ${secret ? "--secret " : ""}--path '${path.join(".")}' ${secret ? "" : "VALUE"}`.trimEnd();
}

function unknownKey(schema: z.ZodType, path: readonly string[], key: string): Problem {
  const known = knownKeys(schema, path);
  const near = known.length > 0 ? closest(key, known) : undefined;
  const alike = near !== undefined && distance(key, near) <= Math.max(2, key.length / 3);
  return {
    path: [...path, key].join("."),
    want: alike ? `a known key, perhaps "${near}"` : `one of the known keys ${known.join(", ")}`,
    got: "an unknown key",
  };
}

/** Names the schema knows at a path. */
function knownKeys(schema: z.ZodType, path: readonly string[]): string[] {
  let at: z.ZodType | undefined = unwrap(schema);
  for (const part of path) {
    at = at instanceof z.ZodObject ? unwrap(at.shape[part] as z.ZodType) : undefined;
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

/** The schema inside defaults, optionals and preprocessing. */
function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  let at = schema;
  while (at instanceof z.ZodDefault || at instanceof z.ZodOptional || at instanceof z.ZodPrefault) {
    at = at.unwrap() as z.ZodType;
  }
  return at;
}
