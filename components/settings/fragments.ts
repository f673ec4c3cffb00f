import { z } from "zod";

import { evenAfterOtherProblems } from "./problems";

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
}

/** Smallest memory ceiling of a service, in MiB, and its limit where the configuration names none. */
export interface LimitRule {
  /** Smallest memory ceiling that a configuration may set, in MiB. */
  readonly floorMiB: number;
  /** The limit where the configuration names none. */
  readonly default: Limit;
}

/** `limits`: a {@link Limit} per service, each with its own floor. */
export function limitsFragment<Service extends string>(rules: Record<Service, LimitRule>) {
  const shape = Object.fromEntries(
    Object.entries<LimitRule>(rules).map(([service, rule]) => [service, limit(rule)]),
  ) as Record<Service, ReturnType<typeof limit>>;
  return z.strictObject(shape).prefault({} as never);
}

function limit(rule: LimitRule) {
  return z
    .strictObject({
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
    })
    .refine(({ memoryMiB, memoryReservationMiB = 0 }) => memoryReservationMiB <= memoryMiB, {
      path: ["memoryReservationMiB"],
      message: "at most the limit memoryMiB",
    })
    .prefault({});
}

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

/** An image by digest: the one form that never changes under a running system. */
const byDigest = () => z.string().regex(/@sha256:[0-9a-f]{64}$/, "an image by digest, name@sha256:… (a tag can move)");

const imageReference = () =>
  byDigest()
    .optional()
    .meta({
      description: "Image by digest; with `images.local` it may be absent.",
      examples: [`registry.example.com/image@sha256:${"0".repeat(64)}`],
    });

/**
 * `images`: a reference by digest per name; optional names may be absent. With `local: true` (dev only) names that are
 * not set come from the ignored file `.dockwright/images.json`, written by `./dev`.
 */
export function imagesFragment<Name extends string>(names: readonly Name[], optionalNames: readonly Name[] = []) {
  const shape = Object.fromEntries([...names, ...optionalNames].map((name) => [name, imageReference()])) as Record<
    Name,
    z.ZodOptional<z.ZodString>
  >;
  return z
    .strictObject({
      ...shape,
      local: z
        .boolean()
        .default(false)
        .meta({
          description: "Take what is not named from `.dockwright/images.json`, which `./dev` writes; for development.",
          examples: [true],
        }),
      variant: z
        .enum(["debian", "alpine"])
        .default("debian")
        .meta({
          description: "Base distribution of the product images; it decides the users that own data.",
          examples: ["alpine"],
        }),
      nginxVersion: nginxVersion(),
    })
    .superRefine(imagesComplete([...names, "nginxVersion"]), { when: evenAfterOtherProblems })
    .prefault({} as never);
}

function imagesComplete(names: readonly string[]) {
  return (images: unknown, context: z.RefinementCtx) => {
    if (!isObject(images) || images.local === true) return;
    for (const name of names.filter((key) => images[key] === undefined)) {
      const message = name === "nginxVersion" ? "the version inside images.nginx" : "an image by digest, name@sha256:…";
      context.addIssue({ code: "custom", path: [name], message });
    }
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

const nginxVersion = () =>
  z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, "a version such as 1.30.6")
    .optional()
    .meta({ description: "Version inside `images.nginx`; 1.27.4 or later.", examples: ["1.29.0"] });

const replicas = () =>
  z
    .int()
    .min(1)
    .max(20)
    .default(1)
    .meta({ description: "Containers side by side.", examples: [2] });

/** `replicas`: how many containers of a stateless service run side by side. */
export function replicasFragment<Service extends string>(services: readonly Service[]) {
  const shape = Object.fromEntries(services.map((service) => [service, replicas()])) as Record<
    Service,
    z.ZodDefault<z.ZodInt>
  >;
  return z.strictObject(shape).prefault({} as never);
}

/** `edge`: how the outside reaches the system. */
export const edgeFragment = () =>
  z
    .strictObject({
      publicUrl: z
        .url({ protocol: /^https?$/, error: "a URL with http or https" })
        .meta({ description: "What users type into the browser.", examples: ["https://www.example.com"] }),
      httpPort: z
        .int()
        .min(1)
        .max(65535)
        .meta({ description: "Host port of nginx's plain HTTP listener.", examples: [8081] }),
      bindAddress: z
        .ipv4("an IPv4 address")
        .default("127.0.0.1")
        .meta({ description: "Host address nginx is published on; `0.0.0.0` is all of them.", examples: ["0.0.0.0"] }),
      tls: z
        .strictObject({
          mode: z
            .enum(["external"])
            .default("external")
            .meta({ description: "Who terminates TLS: a proxy in front, or nobody.", examples: ["external"] }),
        })
        .prefault({}),
      trustedProxies: z
        .array(z.cidrv4("a range such as 10.0.0.0/8"))
        .default([])
        .meta({
          description: "Addresses (CIDR) of proxies in front whose `X-Forwarded-*` headers are believed.",
          examples: [["172.16.0.0/12"]],
        }),
    })
    .prefault({} as never);

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
    })
    .prefault({});
