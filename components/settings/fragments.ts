import { z } from "zod";

import { Check, withChecks } from "./checks";
import { sameField } from "./same-field";

/**
 * The pieces a program's schema is made of. Each is one top-level key of the stack configuration;
 * the program combines those it needs and adds its own.
 */

/** `docker`: which daemon to use. */
export const dockerFragment = () =>
  z
    .strictObject({
      host: z
        .string()
        .regex(/^(ssh|tcp|unix|npipe):\/\/.+/, "a URL such as ssh://user@host")
        .optional()
        .meta({
          description: "The Docker daemon. Without it, what `DOCKER_HOST` of the process says.",
          examples: ["ssh://deploy@203.0.113.7"],
        }),
      apiVersion: z
        .string()
        .regex(/^1\.\d+$/, "an API version such as 1.44")
        .optional()
        .meta({
          description: "API version of the daemon; what is newer than 1.41 is used only when it is named.",
          examples: ["1.44"],
        }),
    })
    .prefault({});

/** What one container may use. */
export interface Limit {
  /** CPU ceiling in cores. */
  readonly cpus: number;
  /** Memory ceiling in MiB; swap is off. */
  readonly memoryMiB: number;
  /** Memory kept for the container when the host runs short, in MiB. @default none */
  readonly memoryReservationMiB?: number;
  /** Processes and threads at once. @default 512 */
  readonly pids?: number;
}

/** Processes and threads of one container where nothing else is said: far above what any product here needs. */
export const DEFAULT_PIDS = 512;

/** A server and its health check need some; beyond what a kernel usually allows in all it would be no limit. */
const [LEAST_PIDS, MOST_PIDS] = [32, 32768];

/** Smallest memory ceiling of a service, in MiB, and its limit where the configuration names none. */
export interface LimitRule {
  /** Smallest memory ceiling that a configuration may set, in MiB. */
  readonly floorMiB: number;
  /** The limit where the configuration names none. */
  readonly default: Limit;
  /** Whether old and new containers run side by side in an update, and so need twice the memory. @default false */
  readonly overlap?: boolean;
}

/** `limits`: a {@link Limit} per service, each with its own floor. */
export function limitsFragment<Service extends string>(rules: Record<Service, LimitRule>) {
  const shape = Object.fromEntries(
    Object.entries<LimitRule>(rules).map(([service, rule]) => [service, limit(rule)]),
  ) as Record<Service, ReturnType<typeof limit>>;
  return z.strictObject(shape).prefault({} as never);
}

function limit(rule: LimitRule) {
  const fields = z.strictObject({
    cpus: cpus()
      .default(rule.default.cpus)
      .meta({ description: "CPU ceiling in cores.", examples: [1.5] }),
    memoryMiB: z
      .int()
      .min(rule.floorMiB)
      .default(rule.default.memoryMiB)
      .meta({ description: "Memory ceiling in MiB; swap is off.", examples: [768] }),
    memoryReservationMiB: optionalDefault(z.int().min(6), rule.default.memoryReservationMiB).meta({
      description: "Memory kept for the container when the host runs short, in MiB.",
      examples: [64],
    }),
    pids: z
      .int()
      .min(LEAST_PIDS)
      .max(MOST_PIDS)
      .default(rule.default.pids ?? DEFAULT_PIDS)
      .meta({ description: "Processes and threads at once.", examples: [256] }),
  });
  // Tools that judge the host read it from the JSON schema.
  return withChecks(fields, [RESERVATION])
    .prefault({})
    .meta({ "x-overlap": rule.overlap ?? false });
}

const RESERVATION: Check<Limit> = {
  name: "reservation",
  reads: ["memoryMiB", "memoryReservationMiB"],
  violations: ({ memoryMiB, memoryReservationMiB = 0 }) =>
    memoryReservationMiB <= memoryMiB ? [] : [{ path: "memoryReservationMiB", want: "at most the limit memoryMiB" }],
};

function optionalDefault(schema: z.ZodInt, value: number | undefined) {
  return value === undefined ? schema.optional() : schema.default(value);
}

/** The provider counts zeros to print what it reads back: 10 becomes `10.`, 10.05 becomes `10.1`, 0.05 `0.1`. */
function cpus() {
  return z
    .number()
    .min(0.1)
    .multipleOf(0.05, "a multiple of 0.05")
    .refine(
      (value) => value < 1 || !String(Math.floor(value)).includes("0"),
      "a number of cores without a 0 before the point",
    );
}

const replicas = () =>
  z
    .int()
    .min(1)
    .max(20)
    .default(1)
    .meta({ description: "Containers side by side.", examples: [2] });

/** `replicas`: how many containers of a stateless service run side by side. */
export function replicasFragment<Service extends string>(services: readonly Service[]) {
  return z.strictObject(sameField(services, replicas)).prefault({} as never);
}

/** `runtime`: what holds for every long-running container. */
export const runtimeFragment = () =>
  z
    .strictObject({
      restart: z
        .enum(["unless-stopped", "always"])
        .default("unless-stopped")
        .meta({ description: "Docker's restart policy of every long-running container.", examples: ["always"] }),
      healthIntervalSeconds: z
        .int()
        .min(1)
        .max(300)
        .default(10)
        .meta({ description: "Seconds between two health checks.", examples: [15] }),
      stopGraceSeconds: z
        .int()
        .min(1)
        .max(600)
        .default(30)
        .meta({ description: "Seconds a container gets after the stop signal until it is killed.", examples: [60] }),
      drainSeconds: z
        .int()
        .min(0)
        .max(300)
        .default(5)
        .meta({
          description: "Seconds a service still takes requests after the stop signal, while nginx moves the traffic.",
          examples: [3],
        }),
    })
    .prefault({});
