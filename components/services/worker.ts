import * as pulumi from "@pulumi/pulumi";

import { heartbeatCheck } from "../platform/http-check";
import { RenderedService, renderService } from "../platform/service-resources";
import { application, longRunning, LongRunningArgs } from "./application";

export interface WorkerArgs extends LongRunningArgs {
  /** File the worker touches while it really works: attached to its queue, or polling. @default "/tmp/heartbeat" */
  readonly heartbeatFile?: string;
  /** A heartbeat older than this means it no longer works. @default 15 */
  readonly heartbeatMaxAgeSeconds?: number;
  /**
   * Whether the old and the new version may run side by side during an update. `false` for a single poller or a single
   * writer: the old one stops first, and the work waits meanwhile. @default true
   */
  readonly overlap?: boolean;
  /** Containers side by side; more than one needs `overlap`. @default 1 */
  readonly replicas?: number;
}

const DEFAULT_HEARTBEAT_FILE = "/tmp/heartbeat";

/** A process that takes work from a queue or polls for it; it listens nowhere. */
export class Worker extends pulumi.ComponentResource {
  readonly service: RenderedService;

  constructor(name: string, args: WorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:app:Worker", name, {}, opts);
    const update = (args.overlap ?? true) ? "start-first" : "stop-first";
    const placement = { update, replicas: args.replicas ?? 1 } as const;
    const { spec, dependsOn } = application(name, args, this, placement);
    const heartbeatFile = args.heartbeatFile ?? DEFAULT_HEARTBEAT_FILE;
    this.service = renderService(
      args.platform,
      {
        ...spec,
        ...longRunning(args, heartbeatCheck(heartbeatFile, args.heartbeatMaxAgeSeconds ?? 15)),
        environment: { ...spec.environment, HEARTBEAT_FILE: heartbeatFile },
        ...placement,
      },
      { parent: this, dependsOn, transform: args.transform },
    );
    this.registerOutputs({});
  }
}
