// What has to stand nowhere in clear, and what to do about each if it does.
import { atomsOf, atomsOfGiven } from "./atoms.mts";
import type { GivenSecret } from "./decrypted.mts";
import { describeSpot, type MarkedAt, markedIn, plainValue } from "./marked.mts";
import type { Known } from "./search.mts";

interface Deployment {
  readonly resources?: readonly { readonly type: string; readonly outputs?: Readonly<Record<string, unknown>> }[];
}

/** What to do about a setting whose value stands in clear. */
export function setAnew(name: string, stack: string): string {
  return `get a new value where it comes from, and ./dev pulumi config set --secret --path ${name} --stack ${stack}`;
}

/** Those that made a secret come before those that use it. */
function makersFirst(all: readonly MarkedAt[]): MarkedAt[] {
  const isMaker = ({ urn }: MarkedAt): boolean => /[:$]random:[^:]*:\w+::/.test(urn) && !/\bRandomId::/.test(urn);
  return [...all.filter(isMaker), ...all.filter((one) => !isMaker(one))];
}

/** The credential whose rotation renews a resource's secret, by the resource's name. */
function credentialOf(urn: string, generations: Readonly<Record<string, unknown>>): string | undefined {
  const words = (urn.split("::").at(-1) ?? "").split("-");
  return Object.keys(generations).find((credential) => words.includes(credential));
}

function rotate(urn: string, generations: Readonly<Record<string, unknown>>, stack: string): string {
  const credential = credentialOf(urn, generations);
  if (credential === undefined) return "rotate it (docs/rotation.md)";
  const next = Number(generations[credential]) + 1;
  return `rotate it: ./dev pulumi config set --path rotation.${credential} ${next} --stack ${stack} && ./dev up ${stack}`;
}

/**
 * Every atom once, under the name of the first secret that contains it: a setting that was handed in, else the resource
 * that made it, from which the others have it.
 */
export function knownSecrets(stack: string, given: readonly GivenSecret[], state: unknown): Known[] {
  const root = (state as Deployment | undefined)?.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  const generations = (root?.outputs?.["generations"] ?? {}) as Readonly<Record<string, unknown>>;
  const all = [
    ...given.flatMap(({ name, value }) =>
      atomsOfGiven(value).map((atom) => ({ atom, name, fix: setAnew(name, stack) })),
    ),
    ...makersFirst(markedIn(state)).flatMap(({ marked, ...spot }) =>
      atomsOf(plainValue(marked)).map((atom) => ({
        ...{ atom, name: describeSpot(spot), fix: rotate(spot.urn, generations, stack) },
      })),
    ),
  ];
  const found: Known[] = [];
  for (const known of all) {
    const source = found.find(({ atom }) => atom.includes(known.atom));
    if (source?.atom !== known.atom) found.push({ ...known, ...(source && { name: source.name, fix: source.fix }) });
  }
  return found;
}
