import * as fs from "node:fs";
import * as path from "node:path";

import { FakeDocker } from "../support/fake-docker";
import { POSTGRES_LOGIN_SCRIPTS, ROLES_SCRIPT } from "../support/services";

/**
 * Keeps how it was called, with which options and database, and what it was told; answers what stands in `answer`, and
 * knows no role that stands in `missing` until a cluster was adopted.
 */
const PSQL = `{ printf '> [%s] %s: %s\\n' "$PGOPTIONS" "$PGDATABASE" "$*"; cat; } >>"$FAKE_DOCKER/sql"
role=$(printf '%s \\n' "$*" | sed 's/.*-U \\([^ ]*\\) .*/\\1/')
if grep -qx "$role" "$FAKE_DOCKER/missing" 2>/dev/null; then
  echo "role $role does not exist" >&2
  exit 2
fi
[ "$role" != dockwright_adoption ] || rm -f "$FAKE_DOCKER/missing"
cat "$FAKE_DOCKER/answer" 2>/dev/null || true`;

let docker: FakeDocker;

beforeEach(() => {
  docker = new FakeDocker({ status: "running" });
  docker.write("answer", "-c answer");
  const fake = (name: string, body: string) => {
    fs.writeFileSync(path.join(docker.folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  };
  fake("pg_isready", "exit 0");
  fake("psql", PSQL);
});
afterEach(() => {
  docker.remove();
});

/** One call of psql. */
interface Call {
  readonly args: string;
  readonly statements: readonly string[];
}

function psqlCalls(): Call[] {
  const calls = docker.read("sql").split(/^> /m).slice(1);
  return calls.map((text) => {
    const [args = "", ...statements] = text.trimEnd().split("\n");
    return { args, statements };
  });
}

async function makeRoles(extensions = "") {
  const environment = {
    ...{ CONTAINER: "c", SERVICE: "postgres", DATABASE: "shop", OWNER: "shop_owner", HEALTH_ROLE: "h" },
    ...{ FORMER_SUPERUSER: "app_user", EXTENSIONS: extensions },
  };
  const { code, stderr } = await docker.sh(ROLES_SCRIPT, environment);
  return { code, stderr, calls: psqlCalls() };
}

const OWN_OPTIONS = "-c search_path=pg_catalog -c lock_timeout=30s -c client_min_messages=warning";
/** A session in the database postgres. */
const administering = (role: string, more = "") => within("postgres", OWN_OPTIONS, role, more);
const within = (database: string, options: string, role: string, more = "") =>
  `[${options}] ${database}: -X -q -tA -v ON_ERROR_STOP=1 -U ${role}${more}`;
/** A session in the database of the applications, after the question for what is set there. */
const inShop = (role: string, more: string) => [
  administering(role, " -v database=shop"),
  within("shop", `-c answer ${OWN_OPTIONS}`, role, more),
];

const ASKED = administering("postgres");
const ROLES = [
  administering("postgres", " -v database=shop -v owner=shop_owner -v health=h"),
  ...inShop("postgres", " -v owner=shop_owner"),
];

describe("the roles", () => {
  const statements = async (extensions: string) => {
    const { code, stderr, calls } = await makeRoles(extensions);
    expect({ code, stderr, calls: calls.map(({ args }) => args) }).toEqual({
      code: 0,
      stderr: "",
      calls: [ASKED, ...ROLES],
    });
    return { shared: calls.at(1)?.statements ?? [], own: calls.at(-1)?.statements ?? [] };
  };

  test("makes the extensions last, in the database of the applications", async () => {
    const { own } = await statements("vector uuid-ossp");
    expect(own[0]).toBe("SELECT pg_catalog.format('ALTER SCHEMA %I OWNER TO %I', nspname, :'owner')");
    expect(own.filter((line) => line.startsWith("\\set "))).toEqual([
      "\\set extension 'vector'",
      "\\set extension 'uuid-ossp'",
    ]);
  });

  test("makes none where none is wanted", async () => {
    expect((await statements("")).own.join("\n")).not.toContain("EXTENSION");
  });

  test("leaves nobody who could log in but the health check: no password, no login, no role of an adoption", async () => {
    const { shared: sql } = await statements("");
    expect(sql).toEqual(
      expect.arrayContaining([
        "ALTER ROLE postgres PASSWORD NULL;",
        "DROP ROLE IF EXISTS dockwright_adoption;",
        'ALTER ROLE :"owner" NOLOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS PASSWORD NULL;',
        'REVOKE ALL ON DATABASE :"database", postgres, template1 FROM PUBLIC;',
      ]),
    );
    expect(sql.filter((line) => /\bLOGIN\b/.test(line))).toEqual([
      "SELECT pg_catalog.format('CREATE ROLE %I LOGIN CONNECTION LIMIT 5', :'health')",
    ]);
  });
});

describe("a cluster whose superuser has another name", () => {
  beforeEach(() => {
    docker.write("missing", "postgres");
  });

  test("is adopted first, by a role that takes that name away, and says so", async () => {
    const { code, stderr, calls } = await makeRoles();
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: "postgres: adopts a cluster whose superuser is app_user\n",
    });
    expect(calls.map(({ args }) => args)).toEqual([
      ASKED,
      administering("app_user"),
      ...inShop("dockwright_adoption", " -v former=app_user -v owner=shop_owner"),
      ...ROLES,
    ]);
    expect(calls[1]?.statements).toEqual([
      "SELECT 'CREATE ROLE dockwright_adoption SUPERUSER LOGIN'",
      " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'dockwright_adoption') \\gexec",
    ]);
  });

  test("becomes postgres' and hands the data to the owner in one transaction, or nothing of it", async () => {
    const sql = (await makeRoles()).calls[3]?.statements ?? [];
    expect(sql.slice(0, 4)).toEqual([
      "BEGIN;",
      'ALTER ROLE :"former" RENAME TO postgres;',
      "SELECT pg_catalog.format('CREATE ROLE %I NOLOGIN', :'owner')",
      " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'owner') \\gexec",
    ]);
    expect(sql.filter((line) => line.includes("OWNER TO"))).toEqual([
      "SELECT pg_catalog.format('ALTER %s %s OWNER TO %I', object.type, object.identity, :'owner')",
    ]);
    // Neither the server's own objects nor those of an extension.
    expect(sql).toContain("   AND nspname !~ '^pg_' AND nspname <> 'information_schema'");
    expect(sql.at(-2)).toMatch(/NOT EXISTS \(SELECT FROM pg_catalog\.pg_depend .*deptype = 'e'\) \\gexec$/);
    expect(sql.at(-1)).toBe("COMMIT;");
  });

  test.each([
    ["has another name than was said", "app_user", 2],
    ["cannot be handed over", "dockwright_adoption", 3],
  ])("that %s is left as it is, with the server's words", async (_case, missing, tried) => {
    docker.write("missing", `postgres\n${missing}\n`);
    const { code, stderr, calls } = await makeRoles();
    expect({ code, tried: calls.length }).toEqual({ code: 2, tried });
    expect(stderr).toContain(`role ${missing} does not exist\n`);
  });
});

describe("the list of logins", () => {
  const list = () => docker.sh(POSTGRES_LOGIN_SCRIPTS.LIST_SCRIPT, { CONTAINER: "c", HEALTH_ROLE: "h" });

  test("is what the server answers", async () => {
    docker.write("answer", "ours app_1\nother app_2\n");
    expect(await list()).toMatchObject({ code: 0, stdout: "ours app_1\nother app_2\n", stderr: "" });
    expect(psqlCalls().map(({ args }) => args)).toEqual([administering("postgres", " -v health=h")]);
  });

  test("is an error where the server does not answer, not an empty one", async () => {
    docker.write("missing", "postgres");
    expect(await list()).toMatchObject({ code: 2, stdout: "", stderr: "role postgres does not exist\n" });
    docker.write("status", "exited");
    expect((await list()).code).not.toBe(0);
  });
});
