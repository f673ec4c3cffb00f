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
import { nameProblems, POSTGRES_DATABASE, POSTGRES_OWNER, POSTGRES_ROLE } from "../settings/server-names";
import { BackingServiceArgs, CONFIG_PATH, loginEnvironment, stateVolumes } from "./backing-service";
import { IMAGE_FACTS } from "./image-facts";
import { Publication, reachedOn } from "./published";
import { scramVerifier } from "./scram-verifier";

/** Arguments of {@link Postgres}. */
export interface PostgresArgs extends BackingServiceArgs {
  /** Database the applications use. */
  readonly database: string;
  /**
   * Role that owns the database and everything in it; nobody can log in as it. Logins are called after it. Its name and the
   * database's have at most 63 letters, digits, `_` and `-`, and are none of PostgreSQL's own.
   */
  readonly owner: string;
  /** Scheme of `DATABASE_URL`, for drivers that want their own. @default "postgresql" */
  readonly urlScheme?: string;
  /**
   * The superuser of a data volume that was not made here, as POSTGRES_USER named it: it becomes `postgres`, loses its
   * password, and what it has in the database goes to the owner. @default the owner's name
   */
  readonly formerSuperuser?: string | undefined;
  /** Simultaneous connections. @default 100 */
  readonly maxConnections?: number;
  /**
   * Extensions that the database has, also one that was there before; the image must bring them. They are made by the
   * superuser: one that cannot be moved between schemas, as `postgis`, is safest declared from the beginning, before
   * there is an application that may have put something in its way. @default none
   */
  readonly extensions?: readonly string[];
  /**
   * Scripts (`.sql`, `.sh`) by name, in whose order they run as the superuser: once, on a fresh data volume, before the
   * owner role is made. What they create belongs to the superuser. @default none
   */
  readonly initScripts?: Readonly<Record<string, string>>;
  /** Its port on the host, for tools of development. @default none */
  readonly publish?: Publication;
}

/** Arguments of {@link Postgres.monitoring}. */
export interface MonitoringArgs {
  /** Generation of the login. @default 1 */
  readonly generation?: number;
}

const PORT = 5432;
/** PostgreSQL's own role for those who watch it. */
const MONITORING_ROLE = "pg_monitor";
/** The database in which the server is administered and watched; no application can connect to it. */
const ADMINISTRATION = "postgres";
/** Bytes of a name. Of a longer one PostgreSQL takes the beginning. */
const LONGEST_NAME = 63;
/** What others need in front: the superuser's sessions. */
const SESSION = "postgres-session.sh";
const ROLES_SCRIPT = hostScript(__dirname, SESSION, "postgres-adopt.sh", "postgres-roles.sh");
const LOGIN_SCRIPTS = {
  applyScript: hostScript(__dirname, SESSION, "postgres-login.sh"),
  revokeScript: hostScript(__dirname, SESSION, "postgres-revoke.sh"),
  listScript: scriptText(__dirname, SESSION, "postgres-list.sh"),
};
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
    const names = { DATABASE: args.database, OWNER: args.owner, HEALTH_ROLE };
    const environment = { ...loginEnvironment(name, args, facts.user), ...names };
    const { owner, formerSuperuser = owner, extensions = [] } = args;
    const roles = { FORMER_SUPERUSER: formerSuperuser, EXTENSIONS: extensions.join(" ") };
    this.service = renderService(platform, postgresSpec(name, args, [...volumes.mounts, ...scripts.mounts]), {
      parent: this,
      dependsOn: [...volumes.dependsOn, ...scripts.dependsOn],
      transform: args.transform,
      beforeGate: (container) => [
        act(
          platform,
          `${name}-roles`,
          // Anew with each container: the volume beneath may be another one by then.
          { script: ROLES_SCRIPT, environment: { ...environment, ...roles }, triggers: [container.id] },
          { parent: this, dependsOn: [container] },
        ),
      ],
    });
    this.server = {
      platform,
      credential: "database",
      userPrefix: owner,
      longestName: LONGEST_NAME,
      ...LOGIN_SCRIPTS,
      environment: { ...environment, ROLE: owner },
      standardInput: (username, password) => `${scramVerifier(username, password)}\n${password}\n`,
      containers: this.service.containers,
      ready: this.service.ready,
    };
    this.registerOutputs({});
  }

  /** A login for the consumer, as the owner. File `DATABASE_URL`: the whole URL with user and password. */
  bind(consumer: Consumer): Binding {
    const { generation = 1, urlScheme = "postgresql" } = this.args;
    const { username, password, ...binding } = this.login(consumer, this.server, generation);
    return {
      ...binding,
      files: {
        DATABASE_URL: pulumi.interpolate`${urlScheme}://${username}:${password}@${this.address}/${this.args.database}`,
      },
    };
  }

  /**
   * Access for what watches the server: statistics and settings, and none of the data (`pg_monitor`). Files
   * `DATA_SOURCE_URI`, `DATA_SOURCE_USER` and `DATA_SOURCE_PASS`, as the Prometheus exporter takes them. It connects to
   * the database `postgres`, where no application can leave a function for it to call.
   */
  monitoring({ generation = 1 }: MonitoringArgs = {}): Bindable {
    const server = {
      ...{ ...this.server, credential: "monitoring" },
      environment: { ...this.server.environment, ROLE: MONITORING_ROLE, DATABASE: ADMINISTRATION },
    };
    return {
      bind: (consumer) => {
        const { username, password, ...binding } = this.login(consumer, server, generation);
        const uri = `${this.address}/${ADMINISTRATION}?sslmode=disable`;
        return {
          ...binding,
          files: { DATA_SOURCE_URI: uri, DATA_SOURCE_USER: username, DATA_SOURCE_PASS: password },
        };
      },
    };
  }

  private login({ service, parent, startsWithout }: Consumer, server: LoginServer, generation: number) {
    const { credential } = server;
    const login = new Login(`${service}-${credential}`, { server, service, generation, startsWithout }, { parent });
    const { username, password, order } = login;
    return { credential, username, password, segment: this.args.segment, ...order };
  }

  private get address(): string {
    return `${this.name}:${PORT}`;
  }

  private initScripts(): Pick<ReturnType<typeof stateVolumes>, "mounts" | "dependsOn"> {
    const { platform, initScripts = {} } = this.args;
    if (Object.keys(initScripts).length === 0) return { mounts: [], dependsOn: [] };
    const volume = configVolume(platform, `${this.name}-init`, this.name, initScripts, { parent: this }, "init");
    return { mounts: [{ volume: volume.name, path: INIT_PATH, readOnly: true }], dependsOn: [volume.ready] };
  }
}

function postgresProblems({ extensions = [], initScripts = {}, ...args }: PostgresArgs): Problem[] {
  const wrong = (path: string, values: readonly string[], pattern: RegExp, want: string) =>
    values.filter((value) => !pattern.test(value)).map((got) => ({ path, want, got }));
  return [
    ...nameProblems([
      ["database", args.database, POSTGRES_DATABASE],
      ["owner", args.owner, POSTGRES_OWNER],
      ...(args.formerSuperuser === undefined
        ? []
        : [["formerSuperuser", args.formerSuperuser, POSTGRES_ROLE] as const]),
    ]),
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
      command: `psql -X -h 127.0.0.1 -U ${HEALTH_ROLE} -d ${ADMINISTRATION} -tAc 'select 1'`,
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
export function postgresConfig(args: PostgresArgs): Record<string, string> {
  const { limit, maxConnections = 100, formerSuperuser = args.owner } = args;
  return {
    "start.sh": scriptText(__dirname, "postgres-start.sh"),
    "pg_hba.conf": [
      "local all all peer map=administration",
      `host ${ADMINISTRATION} ${HEALTH_ROLE} 127.0.0.1/32 trust`,
      "host all postgres all reject",
      `host all ${HEALTH_ROLE} all reject`,
      "host all all all scram-sha-256",
      "",
    ].join("\n"),
    // Whoever runs the server administers it, from inside its container; the others only to adopt a cluster.
    "pg_ident.conf": ["postgres", formerSuperuser, "dockwright_adoption"]
      .map((role) => `administration postgres ${role}\n`)
      .join(""),
    "postgresql.conf": [
      "listen_addresses = '*'",
      `max_connections = ${maxConnections}`,
      `shared_buffers = ${Math.max(16, Math.floor(limit.memoryMiB / 4))}MB`,
      // A connection takes a slot before it has said who it is, also one of those for superusers.
      "authentication_timeout = 10s",
      "password_encryption = scram-sha-256",
      "log_connections = off",
      `hba_file = '${CONFIG_PATH}/pg_hba.conf'`,
      `ident_file = '${CONFIG_PATH}/pg_ident.conf'`,
      "",
    ].join("\n"),
  };
}
