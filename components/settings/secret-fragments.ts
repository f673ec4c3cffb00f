import { z } from "zod";

import { Check } from "./checks";
import { sameField } from "./same-field";

const generation = () =>
  z
    .int()
    .min(1)
    .default(1)
    .meta({ description: "Generation of the credential; raising it rotates it.", examples: [2] });

/** `rotation`: the generation of each credential. Raising a number rotates that credential. */
export function rotationFragment<Credential extends string>(credentials: readonly Credential[]) {
  return z.strictObject(sameField(credentials, generation)).prefault({} as never);
}

/** `rotationPolicy`: when a credential counts as old. */
export const rotationPolicyFragment = () =>
  z
    .strictObject({
      maxAgeDays: z
        .int()
        .min(1)
        .default(90)
        .meta({ description: "Age in days from which a credential counts as old.", examples: [30] }),
    })
    .prefault({});

/** `given`: how secrets that people hand in are treated. */
export const givenFragment = () =>
  z
    .strictObject({
      allowPlaceholders: z
        .boolean()
        .default(false)
        .meta({
          description: "Generate a placeholder for each missing given secret; for development only.",
          examples: [true],
        }),
    })
    .prefault({});

const givenSecret = () =>
  z
    .string()
    .min(8)
    .optional()
    .meta({
      description: "A secret that people hand in, encrypted. Required unless `given.allowPlaceholders`.",
      examples: ["a secret value"],
    });

/** `secrets`: values people hand in, each encrypted in the stack configuration. */
export function secretsFragment<Name extends string>(names: readonly Name[]) {
  return z.strictObject(sameField(names, givenSecret)).prefault({} as never);
}

/** What {@link givenSecretsAreThere} looks at. */
export interface GivenSecretsSettings {
  /** Whether placeholders are made. */
  readonly given: Pick<z.output<ReturnType<typeof givenFragment>>, "allowPlaceholders">;
  /** What was handed in, by name. */
  readonly secrets: Readonly<Partial<Record<string, unknown>>>;
}

/** The rules that every given secret is there, unless placeholders are allowed. */
export function givenSecretsAreThere(names: readonly string[]): Check<GivenSecretsSettings>[] {
  return names.map((name) => ({
    name: `given secret ${name}`,
    reads: ["given", `secrets.${name}`],
    violations: ({ given, secrets }) =>
      given.allowPlaceholders || secrets[name] !== undefined
        ? []
        : [{ path: `secrets.${name}`, want: "a secret value" }],
  }));
}
