import { z } from "zod";

/** The fields of an object that has the same one for each of some names. */
export function sameField<Name extends string, Field extends z.ZodType>(
  names: readonly Name[],
  field: () => Field,
): Record<Name, Field> {
  return Object.fromEntries(names.map((name) => [name, field()])) as Record<Name, Field>;
}
