// Questions to the resources of a stack: who owns what, and what follows what.
import { type Inputs, nameOf, records, type Resource, text } from "./resources.mts";

export class ResourceGraph {
  readonly resources: readonly Resource[];
  private readonly byUrn: ReadonlyMap<string, Resource>;
  private readonly serviceByContainer: ReadonlyMap<string, string>;

  constructor(resources: readonly Resource[]) {
    this.resources = [...resources].sort((a, b) => (a.urn < b.urn ? -1 : 1));
    this.byUrn = new Map(this.resources.map((resource) => [resource.urn, resource]));
    const named = this.ofType("Container").map(({ inputs }) => [text(inputs["name"]), label(inputs, "service")]);
    this.serviceByContainer = new Map(named.filter((pair): pair is [string, string] => !pair.includes(undefined)));
  }

  get(urn: string): Resource | undefined {
    return this.byUrn.get(urn);
  }

  ofType(kind: string): Resource[] {
    return this.resources.filter(({ type }) => type.endsWith(`:${kind}`));
  }

  /** The service a resource belongs to: by its label, or for an act the service it acts on. */
  ownerOf({ inputs }: Resource): string | undefined {
    const environment = (inputs["environment"] ?? {}) as Inputs;
    const container = text(environment["CONTAINER"]) ?? "";
    return label(inputs, "service") ?? text(environment["SERVICE"]) ?? this.serviceByContainer.get(container);
  }

  /** Whether a resource was made by a component, or by one inside it. */
  isUnder(resource: Resource, component: string | undefined): boolean {
    for (let at: Resource | undefined = resource; at?.parent !== undefined; at = this.get(at.parent)) {
      if (at.parent === component) return true;
    }
    return false;
  }

  /** What others have to do before a service's container starts: the first thing of another on every way back. */
  before(container: Resource): { readonly service: string; readonly act: Resource }[] {
    const own = this.ownerOf(container);
    const found: { service: string; act: Resource }[] = [];
    const seen = new Set<string>();
    const open = [...container.dependencies];
    for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
      const act = this.get(urn);
      if (!act || seen.has(urn)) continue;
      seen.add(urn);
      const service = act.type.includes(":Network") ? undefined : this.ownerOf(act);
      if (service !== undefined && service !== own) found.push({ service, act });
      else open.push(...act.dependencies);
    }
    return found;
  }

  /** `Postgres`, the class of the component that made a container. */
  kindOf({ parent }: Resource): string {
    return (
      this.get(parent ?? "")
        ?.type.split(":")
        .pop() ?? ""
    );
  }

  /** Names of the secrets that a service finds in files, also where its start turns them into variables. */
  secretsOf(service: string): string[] {
    const helpers = this.ofType("Container").filter(
      (each) => this.ownerOf(each) === service && label(each.inputs, "role") === "files" && this.fillsSecrets(each),
    );
    const files = helpers.flatMap(({ inputs }) =>
      records(inputs["uploads"]).map((upload) => text(upload["file"]) ?? ""),
    );
    return files.map((file) => file.slice(file.lastIndexOf("/") + 1)).sort();
  }

  private fillsSecrets({ propertyDependencies }: Resource): boolean {
    const volumes = (propertyDependencies["volumes"] ?? []).map((urn) => this.get(urn));
    return volumes.some((volume) => volume && label(volume.inputs, "role") === "secret");
  }

  /** Names of the segments a container joins. */
  segmentsOf({ propertyDependencies }: Resource): string[] {
    const networks = (propertyDependencies["networksAdvanced"] ?? []).map((urn) => this.get(urn));
    return networks.flatMap((network) => (network ? [segmentName(network)] : [])).sort();
  }
}

/** What a `dockwright.…` label of an object says. */
export function label(inputs: Inputs, key: string): string | undefined {
  const found = records(inputs["labels"]).find((each) => each["label"] === `dockwright.${key}`);
  return text(found?.["value"]);
}

export function segmentName(network: Resource): string {
  return label(network.inputs, "service") ?? nameOf(network.urn);
}
