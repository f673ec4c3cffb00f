import * as pulumi from "@pulumi/pulumi";

import { act } from "../platform/act";
import { configVolume } from "../platform/files";
import { hostScript, scriptText } from "../platform/script";
import { ServiceSpec } from "../platform/service-spec";
import { RenderedService, renderService } from "../platform/service-resources";
import { specProblems } from "../platform/spec-problems";
import { Bindable, Binding, Consumer } from "../secrets/binding";
import { Login, LoginServer } from "../secrets/login";
import { Problem, report } from "../settings/problems";
import { BackingServiceArgs, CONFIG_PATH, loginEnvironment, stateVolumes } from "./backing-service";
import { IMAGE_FACTS } from "./image-facts";
import { Publication, reachedOn } from "./published";

/** Arguments of {@link Postgres}. */
export interface PostgresArgs extends BackingServiceArgs {
  /** Database the applications use. */
  readonly database: string;
  /** Role that owns the database and everything in it; nobody can log in as it. */
  readonly owner: string;
  /** Scheme of `DATABASE_URL`, for drivers that want their own. @default "postgresql" */
  readonly urlScheme?: string;
  /** Simultaneous connections. @default 100 */
  readonly maxConnections?: number;
  /** Extensions that the database has, also one that was there before; the image must bring them. @default none */
  readonly extensions?: readonly string[];
  /**
   * Scripts (`.sql`, `.sh`) by name, in whose order they run as the superuser: once, on a fresh data volume, before the
   * owner role is made. What they create belongs to the superuser. @default none
   */
  readonly initScripts?: Readonly<Record<string, string>>;
  /** Its port on the host, for tools of development. @default none */
  readonly publish?: Publication;
}

const PORT = 5432;
/** Where the official entrypoint looks for scripts. */
const INIT_PATH = "/docker-entrypoint-initdb.d";
/** Can log in over loopback inside the container only, without a password, and may read nothing. */
const HEALTH_ROLE = "dockwright_health";

/**
 * PostgreSQL with one owner role and a login of its own for each service and generation.
 * The superuser has no password: administration goes by the local socket.
 */
export class Postgres extends pulumi.ComponentResource implements Bindable {
  /** Its containers, and what to wait for until they are ready. */
  readonly service: RenderedService;
  private readonly server: LoginServer;

  constructor(
    private readonly name: string,
    private readonly args: PostgresArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("dockwright:data:Postgres", name, {}, opts);
    const { platform, limit } = args;
    const facts = IMAGE_FACTS.postgres[args.variant ?? "debian"];
    const problems = [...specProblems({ service: name, user: facts.user, limit }), ...postgresProblems(args)];
    report(`Postgres "${name}"`, problems, this);
    const volumes = stateVolumes(name, args, postgresConfig(args), facts, this);
    const scripts = this.initScripts();
    const environment = {
      ...loginEnvironment(name, args, facts.user),
      DATABASE: args.database,
      OWNER: args.owner,
      HEALTH_ROLE,
      EXTENSIONS: (args.extensions ?? []).join(" "),
    };
    this.service = renderService(platform, postgresSpec(name, args, [...volumes.mounts, ...scripts.mounts]), {
      parent: this,
      dependsOn: [...volumes.dependsOn, ...scripts.dependsOn],
      transform: args.transform,
      beforeGate: (container) => [
        act(
          platform,
          `${name}-roles`,
          { script: hostScript(__dirname, "postgres-roles.sh"), environment },
          { parent: this, dependsOn: [container] },
        ),
      ],
    });
    this.server = {
      platform,
      credential: "database",
      userPrefix: args.owner,
      applyScript: hostScript(__dirname, "postgres-login.sh"),
      revokeScript: hostScript(__dirname, "postgres-revoke.sh"),
      environment,
      containers: this.service.containers,
      ready: this.service.ready,
    };
    this.registerOutputs({});
  }

  /** A login for the consumer. File `DATABASE_URL`: the whole URL with user and password. */
  bind({ service, parent, startsWithout }: Consumer): Binding {
    const { generation = 1, urlScheme = "postgresql", database, segment } = this.args;
    const login = new Login(
      `${service}-database`,
      { server: this.server, service, generation, startsWithout },
      { parent },
    );
    return {
      credential: this.server.credential,
      files: {
        DATABASE_URL: pulumi.interpolate`${urlScheme}://${login.username}:${login.password}@${this.name}:${PORT}/${database}`,
      },
      revision: login.revision,
      segment,
      ...login.order,
    };
  }

  private initScripts(): Pick<ReturnType<typeof stateVolumes>, "mounts" | "dependsOn"> {
    const { platform, initScripts = {} } = this.args;
    if (Object.keys(initScripts).length === 0) return { mounts: [], dependsOn: [] };
    const volume = configVolume(platform, `${this.name}-init`, this.name, initScripts, { parent: this }, "init");
    return { mounts: [{ volume: volume.name, path: INIT_PATH, readOnly: true }], dependsOn: [volume.ready] };
  }
}

function postgresProblems({ extensions = [], initScripts = {} }: PostgresArgs): Problem[] {
  const wrong = (path: string, values: readonly string[], pattern: RegExp, want: string) =>
    values.filter((value) => !pattern.test(value)).map((got) => ({ path, want, got }));
  return [
    ...wrong("extensions", extensions, /^[a-z][a-z0-9_-]*$/, "the name of an extension, such as vector"),
    ...wrong(
      "initScripts",
      Object.keys(initScripts),
      /^[\w-][\w.-]*\.(sql|sh)$/,
      "a file name that ends in .sql or .sh",
    ),
  ];
}

/** The spec of a Postgres server. */
export function postgresSpec(name: string, args: PostgresArgs, mounts: ServiceSpec["mounts"]): ServiceSpec {
  const { user } = IMAGE_FACTS.postgres[args.variant ?? "debian"];
  return {
    service: name,
    image: args.image,
    user,
    entrypoint: ["sh", `${CONFIG_PATH}/start.sh`],
    environment: { POSTGRES_DB: args.database },
    mounts,
    tmpfs: [
      { path: "/var/run/postgresql", sizeMiB: 8 },
      { path: "/tmp", sizeMiB: 64 },
    ],
    ...reachedOn(args.segment, name, PORT, args.publish),
    limit: args.limit,
    sharedMemoryMiB: 128,
    health: {
      command: `psql -X -h 127.0.0.1 -U ${HEALTH_ROLE} -d ${args.database} -tAc 'select 1'`,
      intervalSeconds: args.runtime.healthIntervalSeconds,
      startPeriodSeconds: 60,
    },
    // SIGINT is Postgres' fast shutdown; SIGTERM waits for clients and ends in a kill.
    stop: { signal: "SIGINT", graceSeconds: 90 },
    restart: args.runtime.restart,
    update: "stop-first",
  };
}

/** Files under {@link CONFIG_PATH}. */
export function postgresConfig({ database, limit, maxConnections = 100 }: PostgresArgs): Record<string, string> {
  return {
    "start.sh": scriptText(__dirname, "postgres-start.sh"),
    "pg_hba.conf": [
      "local all postgres peer",
      `host ${database} ${HEALTH_ROLE} 127.0.0.1/32 trust`,
      "host all postgres all reject",
      `host all ${HEALTH_ROLE} all reject`,
      "host all all all scram-sha-256",
      "",
    ].join("\n"),
    "postgresql.conf": [
      "listen_addresses = '*'",
      `max_connections = ${maxConnections}`,
      `shared_buffers = ${Math.max(16, Math.floor(limit.memoryMiB / 4))}MB`,
      "password_encryption = scram-sha-256",
      "log_connections = off",
      `hba_file = '${CONFIG_PATH}/pg_hba.conf'`,
      "",
    ].join("\n"),
  };
}
