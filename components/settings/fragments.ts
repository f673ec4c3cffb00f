import { z } from "zod";

/**
 * The pieces a program's schema is made of. Each is one top-level key of the stack configuration;
 * the program combines those it needs and adds its own.
 */

/** `docker`: which daemon to use. */
export const dockerFragment = () =>
  z
    .strictObject({
      /** `ssh://user@host`, `tcp://…` or `unix://…`. @default what DOCKER_HOST of the process says */
      host: z
        .string()
        .regex(/^(ssh|tcp|unix|npipe):\/\/.+/, "a URL such as ssh://user@host")
        .optional(),
      /** API version of the daemon, for example `1.44`; newer features are used only when it is named. */
      apiVersion: z
        .string()
        .regex(/^1\.\d+$/, "an API version such as 1.44")
        .optional(),
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
  readonly floorMiB: number;
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
      cpus: cpus().default(rule.default.cpus),
      memoryMiB: z.int().min(rule.floorMiB).default(rule.default.memoryMiB),
      memoryReservationMiB: optionalDefault(z.int().min(6), rule.default.memoryReservationMiB),
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

/**
 * `images`: a reference by digest per name; optional names may be absent. With `local: true` (dev only) names that are
 * not set come from the ignored file `.dockwright/images.json`, written by `./dev`.
 */
export function imagesFragment<Name extends string>(names: readonly Name[], optionalNames: readonly Name[] = []) {
  const shape = Object.fromEntries([...names, ...optionalNames].map((name) => [name, byDigest().optional()])) as Record<
    Name,
    z.ZodOptional<z.ZodString>
  >;
  return z
    .strictObject({
      ...shape,
      local: z.boolean().default(false),
      /** Base distribution of the product images: it decides the users that own data. */
      variant: z.enum(["debian", "alpine"]).default("debian"),
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

/** Without it, zod skips cross-field checks once a single field is wrong, and users see problems in two rounds. */
const evenAfterOtherProblems = () => true;

const nginxVersion = () =>
  z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, "a version such as 1.30.6")
    .optional();

/** `replicas`: how many containers of a stateless service run side by side. */
export function replicasFragment<Service extends string>(services: readonly Service[]) {
  const shape = Object.fromEntries(services.map((service) => [service, z.int().min(1).max(20).default(1)])) as Record<
    Service,
    z.ZodDefault<z.ZodInt>
  >;
  return z.strictObject(shape).prefault({} as never);
}

/** `rotation`: the generation of each credential. Raising a number rotates that credential. */
export function rotationFragment<Credential extends string>(credentials: readonly Credential[]) {
  const shape = Object.fromEntries(credentials.map((name) => [name, z.int().min(1).default(1)])) as Record<
    Credential,
    z.ZodDefault<z.ZodInt>
  >;
  return z.strictObject(shape).prefault({} as never);
}

/** `rotationPolicy`: when a credential counts as old. */
export const rotationPolicyFragment = () => z.strictObject({ maxAgeDays: z.int().min(1).default(90) }).prefault({});

/** `edge`: how the outside reaches the system. */
export const edgeFragment = () =>
  z
    .strictObject({
      /** What users type into the browser. */
      publicUrl: z.url({ protocol: /^https?$/, error: "a URL with http or https" }),
      /** Host port of nginx's plain HTTP listener. */
      httpPort: z.int().min(1).max(65535),
      /** Host address nginx is published on. */
      bindAddress: z.ipv4("an IPv4 address").default("127.0.0.1"),
      /** `external`: a proxy in front terminates TLS, or there is none. */
      tls: z.strictObject({ mode: z.enum(["external"]).default("external") }).prefault({}),
      /** Addresses (CIDR) whose `X-Forwarded-*` headers are believed. */
      trustedProxies: z.array(z.cidrv4("a range such as 10.0.0.0/8")).default([]),
    })
    .prefault({} as never);

/** `runtime`: what holds for every long-running container. */
export const runtimeFragment = () =>
  z
    .strictObject({
      restart: z.enum(["unless-stopped", "always"]).default("unless-stopped"),
      healthIntervalSeconds: z.int().min(1).max(300).default(10),
    })
    .prefault({});

/** `given`: how secrets that people hand in are treated. */
export const givenFragment = () =>
  z
    .strictObject({
      /** Generate a placeholder for each missing given secret; for development only. */
      allowPlaceholders: z.boolean().default(false),
    })
    .prefault({});

/** `secrets`: values people hand in, each encrypted in the stack configuration. */
export function secretsFragment<Name extends string>(names: readonly Name[]) {
  const shape = Object.fromEntries(names.map((name) => [name, z.string().min(8).optional()])) as Record<
    Name,
    z.ZodOptional<z.ZodString>
  >;
  return z.strictObject(shape).prefault({} as never);
}

/** Fields {@link requireGivenSecrets} looks at. */
interface GivenSecretsSettings {
  readonly given?: { readonly allowPlaceholders?: boolean };
  readonly secrets?: Record<string, unknown>;
}

/** Adds the check that every given secret is there, unless placeholders are allowed. */
export function requireGivenSecrets<Schema extends z.ZodObject>(schema: Schema, names: readonly string[]): Schema {
  const check = (settings: GivenSecretsSettings, context: z.RefinementCtx) => {
    if (settings.given?.allowPlaceholders === true) return;
    for (const name of names.filter((key) => settings.secrets?.[key] === undefined)) {
      context.addIssue({ code: "custom", path: ["secrets", name], message: "a secret value" });
    }
  };
  return schema.superRefine(check, { when: evenAfterOtherProblems });
}
