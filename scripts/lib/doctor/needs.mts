// What a stack may use at most and needs at least, by its schema and its settings.
import { isTree, type Tree } from "../merge.mts";

/** The JSON Schema of `limits`, `replicas` and `images` of a program's settings. */
export interface Rules {
  readonly limits: Tree;
  readonly replicas: Tree;
  readonly images: Tree;
}

export interface Need {
  readonly service: string;
  readonly replicas: number;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Its reservation, else the smallest limit that its schema allows. */
  readonly leastMiB: number;
  /** Old and new containers run side by side in an update. */
  readonly overlap: boolean;
}

function at(tree: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (isTree(value) ? value[key] : undefined), tree);
}

/** The first number; a value of another type is the program's to complain about. */
function number(...values: unknown[]): number | undefined {
  return values.find((value): value is number => typeof value === "number");
}

/** Effective needs of each service: what the settings of the stack say, else what the schema does. */
export function needsOf(
  { limits, replicas }: Omit<Rules, "images">,
  settings: { limits?: unknown; replicas?: unknown },
): Need[] {
  const services = at(limits, "properties");
  return Object.keys(isTree(services) ? services : {}).map((service) => {
    const value = (key: string): number | undefined =>
      number(at(settings.limits, service, key), at(limits, "properties", service, "properties", key, "default"));
    return {
      service,
      replicas: number(at(settings.replicas, service), at(replicas, "properties", service, "default")) ?? 1,
      cpus: value("cpus") ?? 0,
      memoryMiB: value("memoryMiB") ?? 0,
      leastMiB:
        value("memoryReservationMiB") ??
        number(at(limits, "properties", service, "properties", "memoryMiB", "minimum")) ??
        0,
      overlap: at(limits, "properties", service, "x-overlap") === true,
    };
  });
}
