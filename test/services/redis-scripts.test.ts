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
  const text = ["login-marks.sh", "redis-session.sh", "redis-list.sh"].map((name) =>
    scriptText(`${ROOT}/components/services`, name),
  );
  const marks = path.join(docker.folder, "marks");
  const here = text.join("\n").replace("/run/dockwright", docker.folder);
  return docker.sh(here, { CONTAINER: "c", SERVICE: "redis", MARKS_FILE: marks });
};

test("the list has whoever may log in, without the server's own, and says who was made here", async () => {
  docker.write("marks", "app_api_1\napp_api_10\n");
  expect(await list("app_api_1", ...OWN, "dockwright-admins", "app_api_", "app_bob_readonly")).toEqual({
    ...{ code: 0, stderr: "" },
    stdout: "ours app_api_1\nother dockwright-admins\nother app_api_\nother app_bob_readonly\n",
    calls: ["exec -i", "exec c"],
  });
});

test("on a server without marks no login is taken for one that was made here", async () => {
  expect((await list("app_api_1")).stdout).toBe("other app_api_1\n");
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
