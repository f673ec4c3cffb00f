import * as pulumi from "@pulumi/pulumi";

/** What a consumer gets from a backing service or a secret, wherever it comes from. */
export interface Binding {
  /** Name of the credential: the key under `rotation`. */
  readonly credential: string;
  /** Secret file contents by variable: `DATABASE_URL` is announced to the consumer as `DATABASE_URL_FILE`. */
  readonly files: Readonly<Record<string, pulumi.Input<string>>>;
  /** Plain environment the consumer needs, such as an address. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Segment on which the backing service is found. @default none */
  readonly segment?: string;
  /** Must exist before the consumer starts. @default nothing */
  readonly dependsOn?: readonly pulumi.Resource[];
  /** Must exist before the consumer counts as ready. @default nothing */
  readonly beforeGate?: readonly pulumi.Resource[];
}

/** Who asks for a binding. */
export interface Consumer {
  /** Name of the consuming service. */
  readonly service: string;
  /** The consuming component: parent of what is created for it. */
  readonly parent: pulumi.Resource;
  /** Whether it starts without waiting for a login, and tries until it works. @default false */
  readonly startsWithout?: boolean;
}

/** Anything a service can be given access to: a database, a cache, a broker, a key ring, a given secret. */
export interface Bindable {
  /** Creates whatever this one consumer needs, such as a login of its own. */
  bind(consumer: Consumer): Binding;
}
