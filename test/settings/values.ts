// Plain configuration values with single places changed.
import { z } from "zod";

import { unwrap } from "./rules";

export type Values = Readonly<Record<string, unknown>>;

/** The value at a path such as `edge.trustedProxies.0`. */
export function at(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], values);
}

/** The values with another one at a path; `undefined` takes it away. What is needed around it comes from the schema. */
export function withValue(schema: z.ZodType, values: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const { inner } = unwrap(schema);
  if (inner instanceof z.ZodArray) return [withValue(inner.element as z.ZodType, undefined, rest, value)];
  const below = (inner as z.ZodObject).shape[key] as z.ZodType | undefined;
  const around = (values ?? requiredExamples(inner as z.ZodObject)) as Values;
  return { ...around, [key]: below ? withValue(below, around[key], rest, value) : value };
}

/** An object that the values lack, with an example for each key that it must have. */
function requiredExamples({ shape }: z.ZodObject): Values {
  const required = Object.entries(shape as Record<string, z.ZodType>).filter(([, inner]) => unwrap(inner).required);
  return Object.fromEntries(required.map(([key, inner]) => [key, (inner.meta()?.["examples"] as unknown[])[0]]));
}
