import * as fs from "node:fs";
import * as path from "node:path";

import { scriptText } from "../../components/platform/script";
import { FakeDocker } from "../support/fake-docker";
import { ROOT } from "../support/stacks";

/** A server whose administrator has the password `secret`, and whose users stand in a file. */
const SERVER = `IFS= read -r auth
[ "$auth" = "AUTH dockwright-admin secret" ] || { echo "WRONGPASS invalid username-password pair"; auth=; }
while IFS= read -r command; do
  if [ -z "$auth" ]; then echo "NOAUTH Authentication required."; continue; fi
  [ "$command" = "ACL USERS" ] && users=$(cat "$FAKE_DOCKER/users")
done
[ -z "$auth" ] || printf 'OK\\n%s\\n' "$users"`;

const OWN = ["default", "dockwright-admin", "dockwright-health"];

let docker: FakeDocker;

beforeEach(() => {
  docker = new FakeDocker({ status: "running" });
  fs.writeFileSync(path.join(docker.folder, "redis-cli"), `#!/bin/sh\n${SERVER}\n`, { mode: 0o755 });
  docker.write("admin", "secret\n");
});
afterEach(() => {
  docker.remove();
});

const list = (...users: string[]) => {
  docker.write("users", users.join("\n"));
  const text = scriptText(`${ROOT}/components/services`, "redis-list.sh").replace("/run/dockwright", docker.folder);
  return docker.sh(text, { CONTAINER: "c", SERVICE: "redis" });
};

test("the list has whoever may log in, without the server's own", async () => {
  expect(await list("app_api_1", ...OWN, "dockwright-admins")).toEqual({
    ...{ code: 0, stdout: "app_api_1\ndockwright-admins\n", stderr: "" },
    calls: ["exec c"],
  });
});

test("a server without logins has an empty list", async () => {
  expect(await list(...OWN)).toMatchObject({ code: 0, stdout: "", stderr: "" });
});

test("a server that refuses to tell, or does not run, is an error and not an empty list", async () => {
  docker.write("admin", "other\n");
  expect(await list(...OWN)).toMatchObject({ code: 1, stdout: "", stderr: "redis did not tell its users\n" });
  docker.write("status", "exited");
  const { code, stdout, stderr } = await list(...OWN);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("is not running");
});
