import * as fs from "node:fs";
import * as path from "node:path";

import { scriptText } from "../../components/platform/script";
import { FakeDocker } from "../support/fake-docker";
import { ROLES_SCRIPT } from "../support/services";
import { ROOT } from "../support/stacks";

/**
 * Keeps how it was called and what it was told, answers what stands in `answer`, and knows no role that stands in `missing`
 * until a cluster was adopted.
 */
const PSQL = `{ printf '> %s\\n' "$*"; cat; } >>"$FAKE_DOCKER/sql"
role=$(printf '%s\\n' "$*" | sed 's/.*-U \\([^ ]*\\) .*/\\1/')
if grep -qx "$role" "$FAKE_DOCKER/missing" 2>/dev/null; then
  echo "role $role does not exist" >&2
  exit 2
fi
[ "$role" != dockwright_adoption ] || rm -f "$FAKE_DOCKER/missing"
cat "$FAKE_DOCKER/answer" 2>/dev/null || true`;

let docker: FakeDocker;

beforeEach(() => {
  docker = new FakeDocker({ status: "running" });
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

const ASKED = "-X -U postgres -d postgres -tAc SELECT 1";
const QUIET = "-X -q -v ON_ERROR_STOP=1";
const ROLES = `${QUIET} -U postgres -d postgres -v database=shop -v owner=shop_owner -v health=h`;

describe("the roles", () => {
  const statements = async (extensions: string) => {
    const { code, stderr, calls } = await makeRoles(extensions);
    expect({ code, stderr, calls: calls.map(({ args }) => args) }).toEqual({
      code: 0,
      stderr: "",
      calls: [ASKED, ROLES],
    });
    return calls.at(-1)?.statements ?? [];
  };

  test("makes the extensions last, in the database of the applications", async () => {
    const sql = await statements("vector uuid-ossp");
    expect(sql.slice(sql.indexOf('\\connect :"database"'))).toEqual([
      '\\connect :"database"',
      'ALTER SCHEMA public OWNER TO :"owner";',
      "SET client_min_messages = warning;",
      'CREATE EXTENSION IF NOT EXISTS "vector";',
      'CREATE EXTENSION IF NOT EXISTS "uuid-ossp";',
    ]);
  });

  test("makes none where none is wanted", async () => {
    expect((await statements("")).join("\n")).not.toContain("EXTENSION");
  });

  test("leaves nobody who could log in but the health check: no password, no login, no role of an adoption", async () => {
    const sql = await statements("");
    expect(sql).toEqual(
      expect.arrayContaining([
        "ALTER ROLE postgres PASSWORD NULL;",
        "DROP ROLE IF EXISTS dockwright_adoption;",
        'ALTER ROLE :"owner" NOLOGIN PASSWORD NULL;',
        'REVOKE ALL ON DATABASE :"database" FROM PUBLIC;',
      ]),
    );
    expect(sql.filter((line) => /\bLOGIN\b/.test(line))).toEqual([
      "SELECT format('CREATE ROLE %I LOGIN CONNECTION LIMIT 5', :'health')",
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
      `${QUIET} -U app_user -d postgres`,
      `${QUIET} -U dockwright_adoption -d shop -v former=app_user -v owner=shop_owner`,
      ROLES,
    ]);
    expect(calls[1]?.statements).toEqual([
      "SELECT 'CREATE ROLE dockwright_adoption SUPERUSER LOGIN'",
      " WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dockwright_adoption') \\gexec",
    ]);
  });

  test("becomes postgres' and hands the data to the owner in one transaction, or nothing of it", async () => {
    const sql = (await makeRoles()).calls[2]?.statements ?? [];
    expect(sql.slice(0, 4)).toEqual([
      "BEGIN;",
      'ALTER ROLE :"former" RENAME TO postgres;',
      "SELECT format('CREATE ROLE %I NOLOGIN', :'owner')",
      " WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \\gexec",
    ]);
    expect(sql.filter((line) => line.includes("OWNER TO"))).toEqual([
      "SELECT format('ALTER %s %s OWNER TO %I', object.type, object.identity, :'owner')",
    ]);
    // Neither the server's own objects nor those of an extension.
    expect(sql).toContain("   AND nspname !~ '^pg_' AND nspname <> 'information_schema'");
    expect(sql.at(-2)).toMatch(/NOT EXISTS \(SELECT FROM pg_depend .*deptype = 'e'\) \\gexec$/);
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
  const list = () =>
    docker.sh(scriptText(`${ROOT}/components/services`, "postgres-list.sh"), { CONTAINER: "c", HEALTH_ROLE: "h" });

  test("is what the server answers", async () => {
    docker.write("answer", "app_1\napp_2\n");
    expect(await list()).toMatchObject({ code: 0, stdout: "app_1\napp_2\n", stderr: "" });
    expect(psqlCalls().map(({ args }) => args)).toEqual([
      "-X -U postgres -d postgres -tAc " +
        "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname NOT IN ('postgres', 'h') ORDER BY 1",
    ]);
  });

  test("is an error where the server does not answer, not an empty one", async () => {
    docker.write("missing", "postgres");
    expect(await list()).toMatchObject({ code: 2, stdout: "", stderr: "role postgres does not exist\n" });
    docker.write("status", "exited");
    expect((await list()).code).not.toBe(0);
  });
});
