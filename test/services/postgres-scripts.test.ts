import * as fs from "node:fs";
import * as path from "node:path";

import { hostScript } from "../../components/platform/script";
import { FakeDocker } from "../support/fake-docker";
import { ROOT } from "../support/stacks";

const SERVICES = `${ROOT}/components/services`;

let docker: FakeDocker;

beforeEach(() => {
  docker = new FakeDocker({ status: "running" });
  const fake = (name: string, body: string) => {
    fs.writeFileSync(path.join(docker.folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  };
  fake("pg_isready", "exit 0");
  fake("psql", 'cat >"$FAKE_DOCKER/sql"');
});
afterEach(() => {
  docker.remove();
});

const statements = async (extensions: string) => {
  const environment = { DATABASE: "shop", OWNER: "shop_owner", HEALTH_ROLE: "h", EXTENSIONS: extensions };
  const script = hostScript(SERVICES, "postgres-roles.sh");
  const { code, stderr } = await docker.sh(script, { CONTAINER: "c", SERVICE: "postgres", ...environment });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return docker.read("sql");
};

test("makes the extensions last, in the database of the applications", async () => {
  const sql = await statements("vector uuid-ossp");
  expect(sql.slice(sql.indexOf("\\connect"))).toBe(
    [
      '\\connect :"database"',
      'ALTER SCHEMA public OWNER TO :"owner";',
      "SET client_min_messages = warning;",
      'CREATE EXTENSION IF NOT EXISTS "vector";',
      'CREATE EXTENSION IF NOT EXISTS "uuid-ossp";',
      "",
    ].join("\n"),
  );
});

test("makes none where none is wanted", async () => {
  expect(await statements("")).not.toContain("EXTENSION");
});
