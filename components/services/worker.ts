import * as pulumi from "@pulumi/pulumi";

import { heartbeatCheck } from "../platform/http-check";
import { Problem } from "../settings/problems";
import { dataVolume, RenderedService, renderService } from "../platform/service-resources";
import { Health, Mount } from "../platform/service-spec";
import { application, longRunning, LongRunningArgs } from "./application";
import { HealthCheck, healthProblems, inside, specHealth } from "./health-check";
import { servicesBefore } from "./services-before";

/** Arguments of {@link Worker}. */
export interface WorkerArgs extends LongRunningArgs {
  /** How an image shows that it works which touches no heartbeat file. @default by its heartbeat file */
  readonly health?: HealthCheck;
  /** File the worker touches while it really works: attached to its queue, or polling. @default "/tmp/heartbeat" */
  readonly heartbeatFile?: string;
  /** A heartbeat older than this means it no longer works. @default 15 */
  readonly heartbeatMaxAgeSeconds?: number;
  /**
   * Folder whose files outlive the container, on a protected volume of its own: session files, say. In the image it
   * belongs to `user`, which a fresh volume inherits. @default none
   */
  readonly dataPath?: string;
  /**
   * Whether the old and the new version may run side by side during an update. `false` for a single poller or a single
   * writer: the old one stops first, and the work waits meanwhile. @default true, with `dataPath` false
   */
  readonly overlap?: boolean;
  /** Containers side by side; more than one needs `overlap`. @default 1 */
  readonly replicas?: number;
}

const DEFAULT_HEARTBEAT_FILE = "/tmp/heartbeat";

/** A process that takes work from a queue or polls for it; it listens nowhere. */
export class Worker extends pulumi.ComponentResource {
  /** Its containers, and what to wait for until they are ready. */
  readonly service: RenderedService;

  constructor(name: string, args: WorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:app:Worker", name, {}, opts);
    const update = (args.overlap ?? args.dataPath === undefined) ? "start-first" : "stop-first";
    const placement = { update, replicas: args.replicas ?? 1 } as const;
    const { spec, dependsOn, beforeGate } = application(name, args, this, {
      placement,
      problems: problems(args),
      startsWithout: args.startsWithout,
    });
    this.service = renderService(
      args.platform,
      {
        ...spec,
        mounts: [...spec.mounts, ...this.data(name, args)],
        ...(args.health ? {} : { environment: { ...spec.environment, HEARTBEAT_FILE: heartbeatFile(args) } }),
        ...longRunning(args, spec, args.health ? specHealth(args.health, args) : heartbeat(args), this),
        ...placement,
      },
      { parent: this, dependsOn, beforeGate, transform: args.transform },
    );
    const waitsFor = servicesBefore(args);
    this.registerOutputs({ waitsFor });
  }

  private data(name: string, { platform, dataPath }: WorkerArgs): Mount[] {
    if (dataPath === undefined) return [];
    return [{ volume: dataVolume(platform, name, this).name, path: dataPath, readOnly: false }];
  }
}

function heartbeatFile({ heartbeatFile = DEFAULT_HEARTBEAT_FILE }: WorkerArgs): string {
  return heartbeatFile;
}

function heartbeat(args: WorkerArgs): Health {
  return inside(heartbeatCheck(heartbeatFile(args), args.heartbeatMaxAgeSeconds ?? 15), args);
}

function problems({ health, heartbeatFile, heartbeatMaxAgeSeconds }: WorkerArgs): Problem[] {
  if (!health) return [];
  const beats = { heartbeatFile, heartbeatMaxAgeSeconds };
  const idle = Object.entries(beats).filter(([, value]) => value !== undefined);
  const want = "nothing, since health says how it is checked";
  return [...idle.map(([path, value]) => ({ path, want, got: String(value) })), ...healthProblems(health)];
}
