import { httpCheck } from "../platform/http-check";
import { outsideHttpCheck, outsideTcpCheck } from "../platform/outside-check";
import { Health, OutsideHealth, ServiceSpec } from "../platform/service-spec";
import { Problem, show } from "../settings/problems";
import { LongRunningArgs } from "./application";

/**
 * How a service shows that it works, much as `healthcheck` of a Compose file says it. What is checked from inside, Docker
 * goes on checking; a check from outside or none is for images without a shell, and recorded as an exemption.
 */
export type HealthCheck = HttpHealth | TcpHealth | CommandHealth | NoHealthCheck;

/** A path answers 2xx. */
export interface HttpHealth {
  /** Chooses this check. */
  readonly kind: "http";
  /** @default the path that the service is said to be ready by */
  readonly path?: string;
  /** @default the port that the service is said to listen on */
  readonly port?: number;
  /**
   * Who asks: `inside` a client of the image (it needs a shell, and curl, wget, node or python3), `outside` a container
   * beside it, until it is ready. @default "inside"
   */
  readonly from?: "inside" | "outside";
}

/** A port accepts connections, as seen from a container beside it. */
export interface TcpHealth {
  /** Chooses this check. */
  readonly kind: "tcp";
  /** @default the port that the service is said to listen on */
  readonly port?: number;
}

/** A shell command inside the container succeeds; the image needs a shell. */
export interface CommandHealth {
  /** Chooses this check. */
  readonly kind: "command";
  /** The command; exit code 0 means that the service does its work. */
  readonly command: string;
}

/** It keeps running. */
export interface NoHealthCheck {
  /** Chooses no check. */
  readonly kind: "none";
  /** How long it has to keep running before it counts as ready. @default 5 */
  readonly settleSeconds?: number;
}

/** Where an HTTP service listens: what a check leaves out. */
export interface Listening {
  readonly port: number;
  readonly readinessPath: string | undefined;
}

/** The part of a long-running service's arguments that its check is carried out by. */
export type HealthTiming = Pick<LongRunningArgs, "runtime" | "startTimeoutSeconds">;

const DEFAULT_START_PERIOD_SECONDS = 30;
const DEFAULT_START_TIMEOUT_SECONDS = 90;
const DEFAULT_SETTLE_SECONDS = 5;

/** All that is wrong with a health check. */
export function healthProblems(check: HealthCheck, listening?: Listening): Problem[] {
  const problems: Problem[] = [];
  const want = (holds: boolean, path: string, wanted: string, got: unknown) => {
    if (!holds) problems.push({ path, want: wanted, got: show(got) });
  };
  if (check.kind === "http" || check.kind === "tcp") {
    const port = check.port ?? listening?.port;
    const isPort = port !== undefined && Number.isInteger(port) && port > 0 && port < 65536;
    want(isPort, check.port === undefined && listening ? "port" : "health.port", "a port, 1 to 65535", port);
  }
  if (check.kind === "http") {
    const path = check.path ?? listening?.readinessPath;
    const name = check.path === undefined && listening ? "readinessPath" : "health.path";
    want(path !== undefined && URL_PATH.test(path), name, "a path such as /ready", path);
  }
  if (check.kind === "command") want(check.command.trim() !== "", "health.command", "a shell command", check.command);
  if (check.kind === "none")
    want((check.settleSeconds ?? 1) >= 1, "health.settleSeconds", "1 or more", check.settleSeconds);
  return problems;
}

/** Parts of a path that mean nothing to a shell or to nginx. */
const URL_PATH = /^\/[\w./?=&%~+,:@-]*$/;

/** A check without problems as part of a spec. */
export function specHealth(check: HealthCheck, timing: HealthTiming, listening?: Listening): ServiceSpec["health"] {
  if (check.kind === "none") return { settleSeconds: check.settleSeconds ?? DEFAULT_SETTLE_SECONDS };
  if (check.kind === "command") return inside(check.command, timing);
  const port = check.port ?? listening?.port ?? 0;
  if (check.kind === "tcp") return outside(outsideTcpCheck(port), timing);
  const path = check.path ?? listening?.readinessPath ?? "/";
  return check.from === "outside"
    ? outside(outsideHttpCheck(port, path), timing)
    : inside(httpCheck(port, path), timing);
}

/** The spec of a check by Docker and the gate, inside the container. */
export function inside(command: string, { runtime, startTimeoutSeconds }: HealthTiming): Health {
  return {
    command,
    intervalSeconds: runtime.healthIntervalSeconds,
    startPeriodSeconds: startTimeoutSeconds ?? DEFAULT_START_PERIOD_SECONDS,
    ...(startTimeoutSeconds !== undefined && { gateTimeoutSeconds: startTimeoutSeconds }),
  };
}

function outside(outsideCommand: string, { startTimeoutSeconds }: HealthTiming): OutsideHealth {
  return { outsideCommand, gateTimeoutSeconds: startTimeoutSeconds ?? DEFAULT_START_TIMEOUT_SECONDS };
}
