import * as fs from "node:fs";
import * as path from "node:path";

import { ProjectCopy } from "./project";

interface StateResource {
  readonly type: string;
  readonly outputs?: Record<string, unknown>;
}

/** Marker under which the engine keeps a secret; with `--show-secrets` the plain text stands beside it. */
const SECRET_MARKER = "4dabf18193072939515e22adb298388d";

/** Every generated secret of the dev stack, in clear. */
export async function generatedSecrets(project: ProjectCopy): Promise<string[]> {
  const exported = await project.devOk("pulumi", "stack", "export", "--show-secrets", "--stack", "dev");
  const { deployment } = JSON.parse(exported) as { deployment: { resources: StateResource[] } };
  const random = deployment.resources.filter(({ type }) => type.startsWith("random:"));
  const values = random.flatMap(({ outputs = {} }) => Object.values(outputs).map(plainText));
  return [...new Set(values.filter((value) => value !== undefined && value.length >= 16))] as string[];
}

/** A value as it may stand in a text that should not hold it. */
export function spellings(secret: string): string[] {
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.from("x".repeat(shift) + secret).toString("base64");
    // Characters that depend on what stands around the secret are cut off.
    return encoded.slice(shift === 0 ? 0 : 4, -4);
  });
  return [...new Set([secret, encodeURIComponent(secret), ...base64])];
}

/** All files of the state, as text. */
export function stateText(project: ProjectCopy): string {
  const files = fs.readdirSync(project.statePath, { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

function plainText(value: unknown): string | undefined {
  const secret = value as Record<string, string> | null;
  if (typeof secret !== "object" || secret?.[SECRET_MARKER] === undefined) return undefined;
  const plain: unknown = JSON.parse(secret.plaintext ?? "null");
  return typeof plain === "string" ? plain : undefined;
}
