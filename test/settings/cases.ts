// A failing value for every rule that a schema's structure holds, and the exact message that it should give.
import { Rule } from "./rules";

export interface Case {
  /** Path and value; `undefined` takes a value away. */
  readonly set: Readonly<Record<string, unknown>>;
  /** All that should be said. */
  readonly message: string;
  /** The time at which it is. @default now */
  readonly now?: Date;
}

/** What is wanted where a format is broken, by path; `*` stands for one name. */
export const FORMATS: Readonly<Record<string, string>> = {
  "docker.host": "a URL such as ssh://user@host",
  "docker.apiVersion": "an API version such as 1.44",
  "images.nginxVersion": "a version such as 1.30.6",
  "images.*": "an image by digest, name@sha256:… (a tag can move)",
  "edge.publicUrl": "a URL with http or https",
  "edge.bindAddress": "an IPv4 address",
  "edge.allowedHosts.0": "a host such as www.example.com, with a port or without",
  "edge.trustedProxies.0": "`host` or a range such as 10.0.0.0/8",
  "edge.frameAncestors.0": "'self' or an origin such as https://web.telegram.org",
  "database.formerSuperuser":
    "the name of a role, such as app_user: at most 63 letters, digits, _ and -, and none that PostgreSQL has",
  "app.telegramApiUrl": "a URL",
  "app.telegramMiniAppUrl": "a URL",
  "app.sentryDsn": "a URL",
  "app.ollamaUrl": "a URL",
};

/** Values that a step, or a rule of one field alone, refuses, and what is wanted instead. */
export const OTHERS: Readonly<Record<string, readonly [value: unknown, want: string]>> = {
  "limits.*.cpus: step": [0.33, "a multiple of 0.05"],
  "limits.*.cpus: refinement": [10, "a number of cores without a 0 before the point"],
  "edge.allowedHosts.0: refinement": ["[1:2]", "a host such as www.example.com, with a port or without"],
};

/** The case of a rule; none where it has to be written by hand. */
export function caseOf(rule: Rule): Case | undefined {
  const key = rule.path.join(".");
  if (rule.kind === "unknown key") return unknownKey(rule);
  if (rule.kind === "required") return missing(rule);
  const broken = breaking(rule);
  if (!broken) return undefined;
  const got = rule.path[0] === "secrets" ? "[secret]" : JSON.stringify(broken.value);
  return { set: { [key]: broken.value }, message: `  ${key}: want ${broken.want}, got ${got}` };
}

function unknownKey({ path, detail }: Rule): Case {
  const key = [...path, "zzzzzzzz"].join(".");
  const want = `one of the known keys ${(detail as string[]).join(", ")}`;
  return { set: { [key]: "value" }, message: `  ${key}: want ${want}, got an unknown key` };
}

function missing({ path, detail }: Rule): Case {
  const key = path.join(".");
  const fix = `pulumi config set --path '${key}' VALUE`;
  return {
    set: { [key]: undefined },
    message: `  ${key}: want a value of type ${detail as string}, got nothing\n    fix: ${fix}`,
  };
}

interface Broken {
  readonly value: unknown;
  readonly want: string;
}

function breaking({ path, kind, detail }: Rule): Broken | undefined {
  const bound = Number(detail);
  switch (kind) {
    case "type":
      return { value: detail === "string" ? 1234567890 : "text", want: `a value of type ${detail as string}` };
    case "whole":
      return { value: 40.5, want: "a value of type int" };
    case "least":
      return { value: below(bound), want: `${bound} or more` };
    case "most":
      return { value: bound + 1, want: `${bound} or less` };
    case "shortest":
      return { value: "a".repeat(bound - 1), want: `at least ${bound} characters` };
    case "longest":
      return { value: "a".repeat(bound + 1), want: `at most ${bound} characters` };
    case "choice":
      return { value: "none", want: `one of ${(detail as unknown[]).map((each) => JSON.stringify(each)).join(", ")}` };
    case "format":
      return said(FORMATS[known(FORMATS, path)], "§");
    default: {
      const [value, want] = OTHERS[known(OTHERS, path, `: ${kind}`)] ?? [];
      return said(want, value);
    }
  }
}

const said = (want: string | undefined, value: unknown): Broken | undefined =>
  want === undefined ? want : { value, want };

/** A fraction that is below the bound, for CPUs a multiple of their step. */
const below = (bound: number): number => (Number.isInteger(bound) ? bound - 1 : bound / 2);

/** The key of a table that stands for a path: the path itself, or with `*` for its second name. */
export function known(table: Readonly<Record<string, unknown>>, path: readonly string[], suffix = ""): string {
  const exact = path.join(".") + suffix;
  return exact in table ? exact : path.map((part, index) => (index === 1 ? "*" : part)).join(".") + suffix;
}
