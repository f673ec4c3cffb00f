// Which moves of `rotation.<ring>` a running stack bears: what the engine's hook refuses, refused before anything begins.
import { isTree, type Tree } from "./merge.mts";
import { UserError } from "./run.mts";

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

export interface RecordedRing {
  readonly name: string;
  /** Generations whose keys some container may have: more than one where an update was cut off. */
  readonly generations: readonly number[];
  /** Whether the generation may fall, too. */
  readonly mayFall: boolean;
}

/** The rings of a stack, each with the generations that a container of it may still use. */
export function recordedRings(resources: readonly Resource[]): RecordedRing[] {
  return resources.flatMap(({ urn, type, inputs }) => {
    const { generation, mayFall } = inputs ?? {};
    if (!type.startsWith("dockwright:secrets:") || typeof generation !== "number") return [];
    const kept = resources.filter(({ parent }) => parent === urn).map(keeperOf);
    const generations = [...new Set([generation, ...kept.filter((number) => number > 0)])].sort((a, b) => a - b);
    return [{ name: urn.split("::").at(-1) ?? "", generations, mayFall: mayFall === true }];
  });
}

/** The generation of a ring's id; an update that was cut off leaves the former one beside it. */
function keeperOf({ inputs }: Resource): number {
  const keepers = inputs?.["keepers"];
  return isTree(keepers) ? Number(keepers["generation"]) : 0;
}

/** A ring that the settings do not name is left to the engine's hook: what its program makes of it is unknown here. */
function problemOf(ring: RecordedRing, rotation: Tree): string[] {
  const { name, generations, mayFall } = ring;
  if (rotation[name] === undefined) return [];
  const wanted = Number(rotation[name]);
  const [lowest = wanted, highest = wanted] = [generations[0], generations.at(-1)];
  const safe = [highest - 1, highest, highest + 1].filter(
    (number) => number >= 1 && Math.abs(number - lowest) <= 1 && (mayFall || number >= highest),
  );
  const allowed = safe.length > 0 ? safe : [highest]; // so far apart, what was begun can only be ended
  if (allowed.includes(wanted)) return [];
  const now = generations.length > 1 ? `containers use ${generations.join(" and ")}` : `it is ${highest} now`;
  const next = wanted > highest ? allowed.at(-1) : allowed[0];
  return [
    `rotation.${name}: want ${allowed.length > 1 ? "one of " : ""}${allowed.join(", ")}, because ${now}, got ${wanted}`,
    `  fix: one step in each update: pulumi config set --path 'rotation.${name}' ${next}`,
  ];
}

/** @throws UserError where a ring of the configuration is not next to what runs */
export function refuseMoves(stack: string, rings: readonly RecordedRing[], rotation: unknown): void {
  const problems = rings.flatMap((ring) => problemOf(ring, isTree(rotation) ? rotation : {}));
  if (problems.length === 0) return;
  const reason = "while containers are replaced one after another, each has to know the keys of the others";
  throw new UserError(`stack ${stack} cannot move its keys like that, nothing was changed`, ...problems, reason);
}
