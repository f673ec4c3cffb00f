// The few facts that are read out of a stack's state.
import { type DaemonRecord, recordedDaemons } from "./daemon-record.mts";
import { type LoginServer, recordedServers } from "./logins.mts";
import { keptResources } from "./kept.mts";
import { type RecordedRing, recordedRings } from "./rings.mts";
import { recordedDataIds, recordedStackIds, volumeStackIds } from "./stack-id.mts";

export interface State {
  /** Provider ids (container and network ids, volume names) of every resource the state knows. */
  readonly ids: ReadonlySet<string>;
  /** Operations that were under way when an update was cut off, as `creating urn:…`. */
  readonly pending: readonly string[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly resources: number;
  /** The daemons that hold the stack's containers, networks and volumes, as far as the stack recorded them. */
  readonly daemons: readonly DaemonRecord[];
  /** Servers on which it has logins. */
  readonly servers: readonly LoginServer[];
  readonly rings: readonly RecordedRing[];
  /** What it labels its objects in Docker with; none where an earlier version made it. */
  readonly stackIds: readonly string[];
  /** Ids of lost states whose data it took over. */
  readonly dataIds: readonly string[];
  /** Ids that it labelled its volumes with when it made them. */
  readonly volumeIds: readonly string[];
  /** URNs of what `down` leaves. */
  readonly kept: readonly string[];
  /** URNs of what it calls protected. */
  readonly protected: readonly string[];
  /** URNs of all that is there. */
  readonly urns: readonly string[];
}

interface StateFile {
  readonly checkpoint?: { readonly latest?: Deployment | null };
  readonly deployment?: Deployment | null;
}

interface Deployment {
  readonly resources?: readonly Resource[] | null;
  readonly pending_operations?: readonly { readonly type: string; readonly resource: Resource }[] | null;
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

/** Reads a checkpoint file of the folder backend or the output of `pulumi stack export`. */
export function parseState(text: string): State {
  const file = JSON.parse(text) as StateFile;
  const latest = file.checkpoint?.latest ?? file.deployment ?? {};
  const resources = latest.resources ?? [];
  return {
    ids: new Set(resources.map(({ id }) => id).filter((id): id is string => Boolean(id))),
    pending: (latest.pending_operations ?? []).map(({ type, resource }) => `${type} ${resource.urn}`),
    outputs: resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {},
    resources: resources.length,
    daemons: recordedDaemons(resources),
    servers: recordedServers(resources),
    rings: recordedRings(resources),
    stackIds: recordedStackIds(resources),
    dataIds: recordedDataIds(resources),
    volumeIds: volumeStackIds(resources),
    kept: keptResources(resources),
    protected: resources.filter(({ protect }) => protect).map(({ urn }) => urn),
    urns: resources.map(({ urn }) => urn),
  };
}
