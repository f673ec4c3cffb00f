import { Problem } from "../settings/problems";

/** What one service may do on a NATS server, where that is less than everything of the prefix. What is left out it may not. */
export interface NatsAccess {
  /**
   * Subjects it may publish to, without the prefix; `*` and `>` as in NATS, `[">"]` for all. What a server answers goes
   * wherever the question says, so that this limits what a service says itself, not which subjects get such an answer.
   * @default none
   */
  readonly publishes?: readonly string[];
  /** Subjects it may subscribe to, without the prefix. @default none */
  readonly subscribes?: readonly string[];
  /**
   * Streams it may read, and keep consumers of, by their whole names. It may have their messages delivered to any subject of
   * services. @default none
   */
  readonly streams?: readonly string[];
  /** Buckets of the key-value store it may read and write. @default none */
  readonly buckets?: readonly string[];
  /** Buckets of the object store it may read and write. @default none */
  readonly objectBuckets?: readonly string[];
  /**
   * Whether it may make, change and delete what stands under `streams`, `buckets` and `objectBuckets`. What a stream is
   * filled from stands in a request that no rule looks into: who makes one can read every subject of the prefix and every
   * other stream. @default false
   */
  readonly makesStreams?: boolean;
  /** Whether it answers requests of others: one answer to each message it gets, to the subject that the message names. @default false */
  readonly answers?: boolean;
}

/** Rights of a user, as they stand in the list of users. */
export interface NatsPermissions {
  readonly publish: { readonly allow: readonly string[] };
  readonly subscribe: { readonly allow: readonly string[] };
  /** One answer to each message. @default refused */
  readonly allow_responses?: true;
}

/** What streams, buckets and their consumers are used by. */
const STREAM_SUBJECTS = ["$JS.API.>", "$JS.ACK.>", "$JS.FC.>", "$KV.>", "$O.>"];

/** The first part of every inbox. */
export const INBOXES = "_INBOX";

/** The only inbox of a service: nobody else can read the answers it gets, while whoever is asked has to write to it. */
export function inboxPrefix(service: string): string {
  return `${INBOXES}.${service}`;
}

/** The rights of a service under the prefix: all, or what its access names. */
export function permissionsOf(service: string, prefix: string, access: NatsAccess | undefined): NatsPermissions {
  const inbox = `${inboxPrefix(service)}.>`;
  if (!access) {
    return {
      // Answers go to the inbox of whoever asked.
      publish: { allow: [`${prefix}>`, `${INBOXES}.>`, ...STREAM_SUBJECTS] },
      subscribe: { allow: [`${prefix}>`, inbox] },
    };
  }
  const { publishes = [], subscribes = [], answers = false } = access;
  const under = (subjects: readonly string[]) => subjects.map((subject) => prefix + subject);
  return {
    publish: { allow: [...under(publishes), inbox, ...streamRights(access)] },
    subscribe: { allow: [...under(subscribes), inbox] },
    ...(answers && { allow_responses: true }),
  };
}

/** All that is wrong with an access. */
export function accessProblems(access: NatsAccess): Problem[] {
  const { publishes = [], subscribes = [], streams = [], buckets = [], objectBuckets = [] } = access;
  const wrong = (path: string, values: readonly string[], pattern: RegExp, want: string) =>
    values.filter((value) => !pattern.test(value)).map((value) => ({ path, want, got: JSON.stringify(value) }));
  return [
    ...wrong("publishes", publishes, SUBJECT, SUBJECT_WISH),
    ...wrong("subscribes", subscribes, SUBJECT, SUBJECT_WISH),
    ...wrong("streams", streams, NAME, NAME_WISH),
    ...wrong("buckets", buckets, NAME, NAME_WISH),
    ...wrong("objectBuckets", objectBuckets, NAME, NAME_WISH),
  ];
}

const SUBJECT = /^(([A-Za-z0-9_-]+|\*)\.)*([A-Za-z0-9_-]+|\*|>)$/;
const SUBJECT_WISH = 'a subject without the prefix, such as "orders" or "orders.>"';
const NAME = /^[A-Za-z0-9_-]{1,200}$/;
const NAME_WISH = "a name of letters, digits, dashes and underscores, at most 200";

function streamRights({ streams = [], buckets = [], objectBuckets = [], makesStreams = false }: NatsAccess): string[] {
  const names = [
    ...streams,
    ...buckets.map((bucket) => `KV_${bucket}`),
    ...objectBuckets.map((bucket) => `OBJ_${bucket}`),
  ];
  if (names.length === 0) return [];
  return [
    // What clients ask first: the account's limits, and which stream has a subject.
    ...["$JS.API.INFO", "$JS.API.STREAM.NAMES"],
    ...names.flatMap((name) => [...readingRights(name), ...(makesStreams ? makingRights(name) : [])]),
    ...buckets.map((bucket) => `$KV.${bucket}.>`),
    // An object's chunks are removed by a purge of their subject.
    ...objectBuckets.flatMap((bucket) => [`$O.${bucket}.>`, `$JS.API.STREAM.PURGE.OBJ_${bucket}`]),
  ];
}

/** Each in full: a wildcard in front of the name would let a stream called NEXT have the consumers of all others. */
function readingRights(stream: string): string[] {
  return [
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}.>`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.>`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.*`,
    `$JS.API.CONSUMER.NAMES.${stream}`,
    `$JS.API.CONSUMER.LIST.${stream}`,
    `$JS.API.CONSUMER.INFO.${stream}.*`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
    `$JS.API.CONSUMER.PAUSE.${stream}.*`,
    `$JS.API.CONSUMER.DELETE.${stream}.*`,
    `$JS.ACK.${stream}.>`,
    `$JS.FC.${stream}.>`,
  ];
}

function makingRights(stream: string): string[] {
  return ["CREATE", "UPDATE", "PURGE", "MSG.DELETE", "DELETE"].map((act) => `$JS.API.STREAM.${act}.${stream}`);
}
