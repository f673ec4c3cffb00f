import { z } from "zod";

import { Check, withChecks } from "./checks";
import { sameField } from "./same-field";

/** An image by digest: the one form that never changes under a running system. */
const byDigest = () => z.string().regex(/@sha256:[0-9a-f]{64}$/, "an image by digest, name@sha256:… (a tag can move)");

const imageReference = () =>
  byDigest()
    .optional()
    .meta({
      description: "Image by digest; with `images.local` it may be absent.",
      examples: [`registry.example.com/image@sha256:${"0".repeat(64)}`],
    });

/**
 * `images`: a reference by digest per name; optional names may be absent. With `local: true` (dev only) names that are
 * not set come from the ignored file `.dockwright/images.json`, written by `./dev`.
 */
export function imagesFragment<Name extends string>(names: readonly Name[], optionalNames: readonly Name[] = []) {
  const fields = z.strictObject({
    ...sameField([...names, ...optionalNames], imageReference),
    local: z
      .boolean()
      .default(false)
      .meta({
        description: "Take what is not named from `.dockwright/images.json`, which `./dev` writes; for development.",
        examples: [true],
      }),
    variant: z
      .enum(["debian", "alpine"])
      .default("debian")
      .meta({
        description: "Base distribution of the product images; it decides the users that own data.",
        examples: ["alpine"],
      }),
    nginxVersion: nginxVersion(),
  });
  return withChecks(fields, [...names, "nginxVersion"].map(named)).prefault({} as never);
}

function named(name: string): Check<Partial<Record<string, unknown>>> {
  const want = name === "nginxVersion" ? "the version inside images.nginx" : "an image by digest, name@sha256:…";
  return {
    name: `${name} is named`,
    reads: ["local", name],
    violations: (images) => (images["local"] === true || images[name] !== undefined ? [] : [{ path: name, want }]),
  };
}

const nginxVersion = () =>
  z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, "a version such as 1.30.6")
    .optional()
    .meta({ description: "Version inside `images.nginx`; 1.27.4 or later.", examples: ["1.29.0"] });
