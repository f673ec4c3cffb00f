// What `down` leaves, told by what it is: nothing of it can be made anew. Whether the state calls it protected does not
// count, since a `down --volumes` that was cut off may have taken that away.
import { isRecord } from "./daemon-record.mts";
import { labelOf } from "./recorded-labels.mts";
import { isIdRecord } from "./stack-id.mts";

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** Keys that data is encrypted with. */
const KEY = /dockwright:secrets:EncryptionKeys\$random:index\/randomPassword:RandomPassword::[^:]+$/;

/** Since when credentials are in use: keys that decrypt data, and given secrets, stay the same. */
const AGES = /dockwright:secrets:CredentialAges\$command:local:Command::[^:]+-record$/;

function isDataVolume(resource: Resource): boolean {
  return resource.type === "docker:index/volume:Volume" && labelOf(resource, "dockwright.role") === "data";
}

/** Whether losing it loses data. */
export const isData = (resource: Resource): boolean => isDataVolume(resource) || KEY.test(resource.urn);

/** URNs of data, and of the records that say where it is, whose, and how old its keys are. */
export function keptResources(resources: readonly Resource[]): string[] {
  const isKept = (resource: Resource): boolean =>
    isData(resource) || isRecord(resource) || isIdRecord(resource) || AGES.test(resource.urn);
  return resources.filter(isKept).map(({ urn }) => urn);
}
