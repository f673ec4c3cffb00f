import * as pulumi from "@pulumi/pulumi";

import { remember } from "../platform/remember";
import { scriptText } from "../platform/script";
import { GivenSecret } from "./given-secret";

/** Arguments of {@link CredentialAges}. */
export interface CredentialAgesArgs {
  /** Generation of each credential that is generated. */
  readonly rotation: Readonly<Record<string, number>>;
  /** Secrets that people hand in. @default none */
  readonly given?: readonly GivenSecret[];
  /** Age in days from which a credential counts as old. */
  readonly maxAgeDays: number;
}

/** Since when a credential is in use. */
export interface CredentialAge {
  /** The generation's number, or the revision of a given secret. */
  readonly revision: string;
  /** When it began, as far back as this stack remembers: ISO 8601, UTC. */
  readonly since: string;
  /** From when on it counts as old: ISO 8601, UTC. */
  readonly due: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const SCRIPT = scriptText(__dirname, "credential-ages.sh");

/**
 * Remembers since when each credential is as it is, and warns in previews and updates of those that are old. It never
 * changes one, and the clock changes nothing: a preview long after an update is as empty as one right after it.
 * The first update with it takes the age of what was there before for zero.
 */
export class CredentialAges extends pulumi.ComponentResource {
  /** By credential, in the order given; what is about to change is known after that. */
  readonly credentials: pulumi.Output<Record<string, CredentialAge>>;

  constructor(name: string, args: CredentialAgesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:secrets:CredentialAges", name, {}, opts);
    const { rotation, given = [], maxAgeDays } = args;
    const lines = [
      ...Object.entries(rotation).map(([credential, generation]) => `${credential} ${generation}`),
      ...given.map(({ credential, revision }) => pulumi.interpolate`${credential} ${revision}`),
    ];
    const credentials = pulumi.all(lines).apply((all) => all.join("\n"));
    const text = remember(`${name}-record`, SCRIPT, { CREDENTIALS: credentials }, { parent: this });
    this.credentials = text.apply((record) => parseAges(record, maxAgeDays));
    this.credentials.apply((ages) => {
      const old = overdue(ages, new Date());
      if (old.length > 0) void pulumi.log.warn(warning(old, maxAgeDays), this);
    });
    this.registerOutputs({ credentials: this.credentials });
  }
}

function parseAges(text: string, maxAgeDays: number): Record<string, CredentialAge> {
  const lines = text.split("\n").filter((line) => line !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const [credential = "", revision = "", since = ""] = line.split(" ");
      const due = new Date(Date.parse(since) + maxAgeDays * DAY_MS).toISOString().replace(".000Z", "Z");
      return [credential, { revision, since, due }];
    }),
  );
}

/** `name, N days`, the oldest first. */
function overdue(ages: Readonly<Record<string, CredentialAge>>, now: Date): string[] {
  return Object.entries(ages)
    .filter(([, { due }]) => Date.parse(due) <= now.getTime())
    .sort(([, a], [, b]) => Date.parse(a.since) - Date.parse(b.since))
    .map(([name, { since }]) => `${name}, ${Math.floor((now.getTime() - Date.parse(since)) / DAY_MS)} days`);
}

function warning(old: readonly string[], maxAgeDays: number): string {
  const few = old.length === 1 ? "1 credential is" : `${old.length} credentials are`;
  return `${few} older than rotationPolicy.maxAgeDays ${maxAgeDays}: ${old.join("; ")} (docs/rotation.md)`;
}
