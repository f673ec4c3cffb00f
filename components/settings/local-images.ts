import * as fs from "node:fs";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

/** What `./dev images` writes: image ids of stand-ins and local builds, ignored by git. */
const LOCAL_IMAGES_FILE = path.join(".dockwright", "images.json");

/** Image ids by name. */
const localImages = z.record(z.string(), z.string());

/** The `images` settings with every name filled in. */
export type ResolvedImages<Name extends string> = Record<Name | "nginxVersion", string>;

/**
 * Fills in what the configuration leaves to the machine.
 * @throws pulumi.RunError when `local` is set and the file lacks a name
 */
export function resolveImages<Name extends string>(
  names: readonly Name[],
  settings: Partial<Record<Name | "nginxVersion", string>> & { readonly local: boolean },
): ResolvedImages<Name> {
  const local = settings.local ? readLocalImages() : {};
  const entries = [...names, "nginxVersion" as const].map((name) => [name, settings[name] ?? local[name]] as const);
  const missing = entries.filter(([, image]) => image === undefined).map(([name]) => name);
  if (missing.length > 0) {
    throw new pulumi.RunError(
      `images: ${LOCAL_IMAGES_FILE} has no ${missing.join(", ")}\n    fix: run ./dev images, or set images.<name>`,
    );
  }
  return Object.fromEntries(entries) as ResolvedImages<Name>;
}

function readLocalImages(): Partial<Record<string, string>> {
  if (!fs.existsSync(LOCAL_IMAGES_FILE)) return {};
  try {
    return localImages.parse(JSON.parse(fs.readFileSync(LOCAL_IMAGES_FILE, "utf8")));
  } catch {
    throw new pulumi.RunError(`${LOCAL_IMAGES_FILE} cannot be read\n    fix: remove it and run ./dev images`);
  }
}
