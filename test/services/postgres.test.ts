import { Postgres, PostgresArgs } from "../../components";
import { postgresConfig } from "../../components/services/postgres";
import { POSTGRES_DATABASE, POSTGRES_OWNER, POSTGRES_ROLE } from "../../components/settings/server-names";
import { engine, HARDENED, IMAGE, labels, LIMIT, QUIET } from "../support/fixtures";
import { failing, graph, hexOf } from "../support/harness";
import { bound, loginParameters, POSTGRES_LOGIN_SCRIPTS, ROLES_SCRIPT, serverArgs } from "../support/services";

const DATABASE = { database: "shop", owner: "shop_owner" };

const make = (changes: Partial<PostgresArgs> = {}) =>
  graph({}, () => new Postgres("postgres", { ...serverArgs(engine()), ...DATABASE, ...changes }));

test("a server is a container on protected data and its own configuration, its roles and its gate", async () => {
  expect((await make()).childrenOf("Postgres postgres")).toEqual([
    "Command postgres-gate",
    "Command postgres-roles",
    "Container postgres-container",
    "Container postgres-files",
    "RandomId postgres-volume-id",
    "Volume postgres-data",
    "Volume postgres-volume",
  ]);
});

test("the container", async () => {
  const result = await make();
  const { inputs, options } = result.get(":Container", "postgres-container");
  expect(inputs).toEqual({
    ...HARDENED,
    name: "lunch-bot-dev-postgres",
    image: IMAGE,
    user: "999:999",
    entrypoints: ["sh", "/etc/dockwright/start.sh"],
    envs: ["POSTGRES_DB=shop"],
    labels: labels("postgres", "service"),
    cpus: "0.5",
    memory: 256,
    memorySwap: 256,
    shmSize: 128,
    tmpfs: {
      "/tmp": "uid=999,gid=999,mode=0700,size=64m,noexec,nosuid,nodev",
      "/var/run/postgresql": "uid=999,gid=999,mode=0700,size=8m,noexec,nosuid,nodev",
    },
    volumes: [
      { volumeName: "lunch-bot-dev-postgres-data", containerPath: "/var/lib/postgresql/data", readOnly: false },
      {
        volumeName: result.get(":Volume", "postgres-volume").inputs.name as string,
        containerPath: "/etc/dockwright",
        readOnly: true,
      },
    ],
    networksAdvanced: [{ name: "platform-data-auto", aliases: ["postgres"] }],
    ports: [],
    healthcheck: {
      tests: ["CMD-SHELL", "psql -X -h 127.0.0.1 -U dockwright_health -d postgres -tAc 'select 1'"],
      interval: "10s",
      timeout: "5s",
      retries: 3,
      startPeriod: "1m0s",
    },
    mustRun: true,
    restart: "unless-stopped",
    // Fast shutdown; a SIGTERM waits for clients, and a kill costs a recovery.
    stopSignal: "SIGINT",
    stopTimeout: 90,
    destroyGraceSeconds: 90,
    wait: false,
  });
  expect(options.deleteBeforeReplace).toBe(true);
});

test("data of Alpine images belongs to another user", async () => {
  expect((await make({ variant: "alpine" })).container("postgres-container").user).toBe("70:70");
});

test("roles are made before the gate's health check can log in, and carry no secret", async () => {
  const result = await make();
  const roles = result.get(":Command", "postgres-roles");
  expect(roles.inputs).toEqual({
    ...QUIET,
    environment: {
      SCRIPT: ROLES_SCRIPT,
      ...loginParameters("postgres", "999:999"),
      DATABASE: "shop",
      OWNER: "shop_owner",
      FORMER_SUPERUSER: "shop_owner",
      HEALTH_ROLE: "dockwright_health",
      EXTENSIONS: "",
    },
    triggers: ["postgres-container-id"], // a new container may find another volume
  });
  expect(roles.options.dependsOn).toContain("Container postgres-container");
  expect(result.get(":Command", "postgres-gate").options.dependsOn).toContain("Command postgres-roles");
});

test("a data volume from elsewhere is adopted from the superuser it has, who is let in to hand over", async () => {
  const result = await make({ formerSuperuser: "app_user" });
  const { environment } = result.get(":Command", "postgres-roles").inputs;
  expect(environment).toMatchObject({ OWNER: "shop_owner", FORMER_SUPERUSER: "app_user" });
  const { uploads } = result.container("postgres-files");
  const content =
    "administration postgres postgres\nadministration postgres app_user\nadministration postgres dockwright_adoption\n";
  expect(uploads).toContainEqual(expect.objectContaining({ file: "/files/pg_ident.conf", content }));
});

test("extensions are made with the roles, so that a database from before gets them, too", async () => {
  const roles = (await make({ extensions: ["vector", "uuid-ossp"] })).get(":Command", "postgres-roles");
  expect(roles.inputs.environment).toMatchObject({ EXTENSIONS: "vector uuid-ossp" });
});

test("scripts for a fresh volume lie where the official entrypoint looks, and come before the container", async () => {
  const result = await make({ initScripts: { "10-log.sql": "CREATE TABLE log ();", "20-more.sh": "echo more" } });
  const { inputs, options } = result.get(":Container", "postgres-container");
  const name = result.get(":Volume", "postgres-init-volume").inputs.name as string;
  expect(name).toMatch(/^lunch-bot-dev-postgres-init-[0-9a-f]{8}$/);
  expect(inputs.volumes).toContainEqual({
    volumeName: name,
    containerPath: "/docker-entrypoint-initdb.d",
    readOnly: true,
  });
  expect(options.dependsOn).toContain("Container postgres-init-files");
  const { uploads } = result.container("postgres-init-files");
  expect(uploads).toMatchObject([
    { file: "/files/10-log.sql", content: "CREATE TABLE log ();", permissions: "0444" },
    { file: "/files/20-more.sh", content: "echo more", permissions: "0444" },
  ]);
});

test("a published server joins a segment that is not internal, beside the one its consumers use", async () => {
  const { ports, networksAdvanced } = (await make({ publish: { hostPort: 5555, segment: "public" } })).container(
    "postgres-container",
  );
  expect(ports).toEqual([{ internal: 5432, external: 5555, ip: "127.0.0.1", protocol: "tcp" }]);
  expect(networksAdvanced).toEqual([
    { name: "platform-data-auto", aliases: ["postgres"] },
    { name: "platform-public-auto" },
  ]);
});

test("wrong arguments are told all at once, before anything is made of them", async () => {
  const { failure, nodes } = await failing({}, () => {
    const wrong = { extensions: ["vector", 'x"; DROP'], initScripts: { "../a.sql": "", "b.txt": "", "c.sql": "" } };
    const names = { database: "all", owner: "postgres", formerSuperuser: "pg_admin" };
    new Postgres("Postgres", { ...serverArgs(engine()), ...names, ...wrong });
  });
  expect(failure).toBe(
    [
      'Postgres "Postgres": 7 problem(s), nothing was changed',
      "  service: want lower-case letters, digits and dashes, at most 40: it becomes a host name, got Postgres",
      `  database: want ${POSTGRES_DATABASE.want}, got all`,
      `  owner: want ${POSTGRES_OWNER.want}, got postgres`,
      `  formerSuperuser: want ${POSTGRES_ROLE.want}, got pg_admin`,
      '  extensions: want the name of an extension, such as vector, got x"; DROP',
      "  initScripts: want a file name that ends in .sql or .sh, got ../a.sql",
      "  initScripts: want a file name that ends in .sql or .sh, got b.txt",
    ].join("\n"),
  );
  expect(nodes.filter(({ type }) => type.endsWith(":Container"))).toEqual([]);
});

test("a consumer gets a login of its own and the whole URL as a file", async () => {
  const { result, binding, files } = await bound(
    (platform) => new Postgres("postgres", { ...serverArgs(platform), ...DATABASE, urlScheme: "postgresql+asyncpg" }),
  );
  const login = `shop_owner_my_api_${hexOf("my-api-database-secret", { generation: "1" })}`;
  expect(binding).toMatchObject({ credential: "database", segment: "data" });
  expect(files).toEqual({
    DATABASE_URL: `postgresql+asyncpg://${login}:pw-my-api-database-secret@postgres:5432/shop`,
  });
  const { inputs, options } = result.get(":Command", "my-api-database-login");
  expect(inputs).toMatchObject({
    delete: 'sh -c "$REVOKE_SCRIPT"',
    environment: {
      ...POSTGRES_LOGIN_SCRIPTS,
      ...{ LOGIN: login, OWNER: "shop_owner", ROLE: "shop_owner" },
      ...{ DATABASE: "shop", HEALTH_ROLE: "dockwright_health", IMAGE },
    },
    stdin: "[secret]",
  });
  expect(options.dependsOn).toContain("Command postgres-gate");
});

test("the URL's scheme is Postgres' own unless a driver wants another, and a generation makes another login", async () => {
  const url = async (generation: number) =>
    (await bound((platform) => new Postgres("postgres", { ...serverArgs(platform), ...DATABASE, generation }))).files
      .DATABASE_URL ?? "";
  expect(await url(1)).toMatch(/^postgresql:\/\/shop_owner_my_api_/);
  expect(await url(2)).not.toBe(await url(1));
});

describe("configuration", () => {
  const config = (changes: Partial<PostgresArgs> = {}) =>
    postgresConfig({ ...DATABASE, limit: LIMIT, ...changes } as PostgresArgs);

  test("who may log in from where", () => {
    expect(config()["pg_hba.conf"]).toBe(
      [
        "local all all peer map=administration",
        "host postgres dockwright_health 127.0.0.1/32 trust",
        "host all postgres all reject",
        "host all dockwright_health all reject",
        "host all all all scram-sha-256",
        "",
      ].join("\n"),
    );
  });

  test("only the superuser is reached by the local socket, and the roles that a cluster is adopted with", () => {
    const roles = ["postgres", "shop_owner", "dockwright_adoption"];
    const lines = roles.map((role) => `administration postgres ${role}\n`);
    expect(config()["pg_ident.conf"]).toBe(lines.join(""));
  });

  test("the server's settings follow its limit", () => {
    expect(config()["postgresql.conf"]).toBe(
      [
        "listen_addresses = '*'",
        "max_connections = 100",
        "shared_buffers = 64MB",
        "authentication_timeout = 10s",
        "password_encryption = scram-sha-256",
        "log_connections = off",
        "hba_file = '/etc/dockwright/pg_hba.conf'",
        "ident_file = '/etc/dockwright/pg_ident.conf'",
        "",
      ].join("\n"),
    );
    const small = config({ limit: { cpus: 1, memoryMiB: 32 }, maxConnections: 10 })["postgresql.conf"];
    expect(small).toContain("max_connections = 10\nshared_buffers = 16MB\n");
  });

  test("a new setting is a new volume, and so a new container on the same data", async () => {
    const volume = async (changes: Partial<PostgresArgs>) =>
      (await make(changes)).get(":Volume", "postgres-volume").inputs.name as string;
    expect(await volume({ maxConnections: 50 })).not.toBe(await volume({}));
    expect(await volume({})).toBe(await volume({}));
  });
});
