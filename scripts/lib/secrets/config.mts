// The secrets of a stack's configuration file.
import type { Tree } from "../merge.mts";

/** Where a value stands: the configuration's key, such as `shop:secrets`, and the way from there. */
export type Path = readonly (string | number)[];

export interface Secured {
  readonly path: Path;
  readonly ciphertext: string;
}

function ciphertextOf(value: object): string | undefined {
  const { secure } = value as { secure?: unknown };
  return Object.keys(value).length === 1 && typeof secure === "string" ? secure : undefined;
}

function walk(value: unknown, path: Path, leaf: (value: unknown, path: Path) => void): void {
  if (typeof value !== "object" || value === null || ciphertextOf(value) !== undefined) {
    leaf(value, path);
  } else if (Array.isArray(value)) {
    value.forEach((inner, index) => walk(inner, [...path, index], leaf));
  } else {
    Object.entries(value).forEach(([key, inner]) => walk(inner, [...path, key], leaf));
  }
}

/** All encrypted values, at any depth. */
export function securedIn(config: Tree): Secured[] {
  const found: Secured[] = [];
  walk(config["config"], [], (value, path) => {
    const ciphertext = typeof value === "object" && value !== null ? ciphertextOf(value) : undefined;
    if (ciphertext !== undefined) found.push({ path, ciphertext });
  });
  return found;
}

/** The paths under `secrets` whose values are not encrypted. */
export function plainSecretsIn(config: Tree, project: string): Path[] {
  const found: Path[] = [];
  const group = `${project}:secrets`;
  walk(config["config"], [], (value, path) => {
    const key = String(path[0]);
    const isPlain = typeof value !== "object" && value !== null && value !== undefined;
    if (isPlain && (key === group || key.startsWith(`${group}.`))) found.push(path);
  });
  return found;
}

/** The path as `pulumi config set --path` takes it: `secrets.telegramBotToken`, `docker:registryAuth[0].password`. */
export function settingName(path: Path, project: string): string {
  const [first, ...rest] = path;
  const key = String(first);
  const start = key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
  return start + rest.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
}

interface ShownValue {
  readonly value?: string;
  readonly objectValue?: unknown;
}

/** The encrypted values in plain text, from the answer of `pulumi config --show-secrets --json`. */
export function shownValues(answer: string, secured: readonly Secured[]): (string | undefined)[] {
  const shown = JSON.parse(answer) as Readonly<Record<string, ShownValue>>;
  return secured.map(({ path: [key, ...rest] }) => {
    const { value, objectValue } = shown[String(key)] ?? {};
    const found = rest.reduce<unknown>(
      (inner, part) => (inner as Readonly<Record<string | number, unknown>> | undefined)?.[part],
      rest.length > 0 ? objectValue : value,
    );
    return typeof found === "string" ? found : undefined;
  });
}
