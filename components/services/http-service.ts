import * as pulumi from "@pulumi/pulumi";

import { RenderedService, renderService } from "../platform/service-resources";
import { application, longRunning, LongRunningArgs } from "./application";
import { HealthCheck, healthProblems, specHealth } from "./health-check";
import { Endpoint } from "./nginx";
import { servicesBefore } from "./services-before";

/** Arguments of a stateless HTTP service. */
export interface HttpServiceArgs extends LongRunningArgs {
  /** Port it listens on. */
  readonly port: number;
  /**
   * Answers 2xx once a container can serve requests; it should touch what the service depends on. Only with a `health` of
   * another kind it can be left out; nginx then takes any answer but an error of the server for ready.
   * @default none, where `health` is of another kind
   */
  readonly readinessPath?: string;
  /** How it shows that it works, for an image that was made without this library in mind. @default GET readinessPath */
  readonly health?: HealthCheck;
  /** Containers side by side. @default 1 */
  readonly replicas?: number;
}

/** A stateless HTTP service behind the edge: auto-named containers, new before old. */
export abstract class HttpService extends pulumi.ComponentResource implements Endpoint {
  /** Its containers, and what to wait for until they are ready. */
  readonly service: RenderedService;
  /** Where the edge reaches it. */
  readonly endpoint: Endpoint["endpoint"];

  protected constructor(token: string, name: string, args: HttpServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token, name, {}, opts);
    const { port, health = { kind: "http" } } = args;
    const listening = { port, readinessPath: args.readinessPath };
    const readinessPath = args.readinessPath ?? (health.kind === "http" ? health.path : undefined);
    const { spec, dependsOn, beforeGate } = application(name, args, this, {
      problems: healthProblems(health, listening),
      startsWithout: args.startsWithout,
    });
    this.service = renderService(
      args.platform,
      {
        ...spec,
        ...longRunning(args, spec, specHealth(health, args, listening), this),
        environment: { ...spec.environment, PORT: String(port) },
        update: "start-first",
        replicas: args.replicas ?? 1,
      },
      { parent: this, dependsOn, beforeGate, transform: args.transform },
    );
    this.endpoint = { service: name, port, ...(readinessPath !== undefined && { readinessPath }) };
    const waitsFor = servicesBefore(args);
    this.registerOutputs({ waitsFor });
  }
}
