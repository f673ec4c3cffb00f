// Taking resources out of an exported state, without a provider touching anything.
import { isRecord } from "./daemon-record.mts";
import { isData } from "./kept.mts";
import { isIdRecord } from "./stack-id.mts";

export interface Exported {
  readonly deployment: Deployment;
}

interface Deployment {
  readonly resources?: readonly Resource[];
  readonly pending_operations?: readonly unknown[];
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly protect?: boolean;
  readonly parent?: string;
  /** URN and id of the provider, between two colons. */
  readonly provider?: string;
  readonly dependencies?: readonly string[] | null;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>> | null;
  readonly deletedWith?: string;
}

/** Only the note of where the stack lives: the next `up` makes it anew. */
export function forgetRecord(exported: Exported): Exported {
  return keeping(exported, (resource) => !isRecord(resource));
}

/**
 * What `./dev down` would leave, without what is in Docker: protected keys, and the stack's id. Data volumes are forgotten, too; a volume of
 * that name on the new daemon is adopted, with what it holds.
 */
export function forgetFormerDaemon(exported: Exported): Exported {
  const wanted = (resource: Resource): boolean =>
    (resource.protect === true || isData(resource) || isIdRecord(resource)) && !resource.type.startsWith("docker:");
  const resources = exported.deployment.resources ?? [];
  const kept = closure(
    resources.filter((resource) => wanted(resource) || resource.type === "pulumi:pulumi:Stack"),
    resources,
  );
  return keeping(exported, ({ urn }) => kept.has(urn));
}

function keeping({ deployment, ...rest }: Exported, keep: (resource: Resource) => boolean): Exported {
  const resources = (deployment.resources ?? []).filter(keep);
  return { ...rest, deployment: { ...deployment, resources, pending_operations: [] } };
}

/** The resources and all that they refer to. */
function closure(wanted: readonly Resource[], all: readonly Resource[]): Set<string> {
  const kept = new Set<string>();
  const add = (resource: Resource | undefined): void => {
    if (!resource || kept.has(resource.urn)) return;
    kept.add(resource.urn);
    for (const urn of references(resource)) add(all.find((other) => other.urn === urn));
  };
  wanted.forEach(add);
  return kept;
}

function references({ parent, provider, dependencies, propertyDependencies, deletedWith }: Resource): string[] {
  const properties = Object.values(propertyDependencies ?? {}).flatMap((urns) => urns ?? []);
  const providerUrn = provider?.slice(0, provider.lastIndexOf("::"));
  const single = [parent, providerUrn, deletedWith].filter((urn) => urn !== undefined && urn !== "");
  return [...(single as string[]), ...(dependencies ?? []), ...properties];
}
