import * as fs from "node:fs";
import * as path from "node:path";

import { hostScript, scriptText } from "../../components/platform/script";
import { FakeDocker } from "../support/fake-docker";
import { ROOT } from "../support/stacks";

const SERVICES = `${ROOT}/components/services`;

/** A server that loads its list when it is told to, and lets in whoever stands in the list it has loaded. */
const SERVER: Record<string, string> = {
  // By a rename, as a real server changes from one list to the next: others ask it meanwhile.
  reload:
    'cp "$FAKE_DOCKER/logins/users.conf" "$FAKE_DOCKER/next"; mv "$FAKE_DOCKER/next" "$FAKE_DOCKER/loaded.conf"; echo once >>"$FAKE_DOCKER/loads"',
  wget: 'printf \'{\\n  "config_load_time": "%s",\\n}\\n\' "$(wc -l <"$FAKE_DOCKER/loads" | tr -d " ")"',
  "nats-server":
    'if grep -q broken "$FAKE_DOCKER/logins/users.next.conf"; then echo "nats-server: Parse error" >&2; exit 1; fi; echo valid >&2',
  nc: `IFS= read -r connect
user=$(printf '%s' "$connect" | sed 's/.*"user":"\\([^"]*\\)".*/\\1/')
case $connect in *'"pass":"right"'*) grep -q "\\"user\\":\\"$user\\"" "$FAKE_DOCKER/loaded.conf" && echo PONG && exit ;; esac
[ -e "$FAKE_DOCKER/careless" ] && echo PONG && exit
echo "-ERR 'Authorization Violation'"`,
};

// The lock is util-linux', as in the image.
const onLinux = process.platform === "linux" ? describe : describe.skip;

onLinux("the list of users", () => {
  let docker: FakeDocker;

  beforeEach(() => {
    docker = new FakeDocker({ status: "running" });
    for (const [name, body] of Object.entries(SERVER)) {
      fs.writeFileSync(path.join(docker.folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    }
    fs.mkdirSync(path.join(docker.folder, "logins"));
    docker.write("logins/users.conf", "users: [\n]\n");
    docker.write("loads", "once\n");
  });
  afterEach(() => {
    docker.remove();
  });

  const marks = () => path.join(docker.folder, "marks");
  const run = (script: string, login: string, stdin = "") =>
    docker.sh(
      hostScript(SERVICES, "login-marks.sh", script),
      {
        MARKS_FILE: marks(),
        ...{ CONTAINER: "c", SERVICE: "nats", LOGIN: login, IMAGE: "i", NETWORK: "n", USER_ID: "1:1" },
        ...{ PROJECT: "p", STACK: "s" },
        USERS: scriptText(SERVICES, "nats-users.sh")
          .replace("/var/tmp/logins", path.join(docker.folder, "logins"))
          .replace("kill -HUP 1", "reload"),
      },
      stdin,
    );
  const line = (login: string, more = "") => `{"user":"${login}","password":"hash${more}"}`;
  const put = (login: string, more = "") => run("nats-login.sh", login, `${line(login, more)}\nright\n`);
  const users = () => docker.read("logins/users.conf").split("\n").slice(1, -2);
  const loads = () => docker.read("loads").trim().split("\n").length - 1;

  test("a login is added, loaded, and proven from beside the server; nothing is said", async () => {
    const { code, stdout, stderr, calls } = await put("app_api_1");
    expect({ code, stdout, stderr, calls }).toEqual({ code: 0, stdout: "", stderr: "", calls: ["exec -i", "run"] });
    expect(users()).toEqual([line("app_api_1")]);
    expect(loads()).toBe(1);
  });

  test("a login that is there already is replaced, and one whose name only begins alike stays", async () => {
    await put("app_api_12");
    await put("app_api_1");
    expect((await put("app_api_1", "2")).code).toBe(0);
    expect(users()).toEqual([line("app_api_12"), line("app_api_1", "2")]);
  });

  test("logins that are made at the same time all get in", async () => {
    const logins = ["a", "b", "c", "d", "e"];
    const outcomes = await Promise.all(logins.map((login) => put(login)));
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(users().sort()).toEqual(logins.map((login) => line(login)));
  });

  test("a list that the server would not load is refused, and the one before it stays", async () => {
    await put("app_api_1");
    const { code, stderr } = await put("app_api_2", " broken");
    expect(code).not.toBe(0);
    expect(stderr).toBe("nats-server: Parse error\n");
    expect(users()).toEqual([line("app_api_1")]);
    expect(loads()).toBe(1);
  });

  test("a server that refuses the new login, or lets a wrong password in, fails the act", async () => {
    fs.writeFileSync(path.join(docker.folder, "reload"), '#!/bin/sh\necho once >>"$FAKE_DOCKER/loads"\n');
    docker.write("loaded.conf", "");
    expect(await put("app_api_1")).toMatchObject({ code: 1, stderr: "the new login does not work\n" });
    docker.write("careless", "");
    expect(await put("app_api_1")).toMatchObject({ code: 1, stderr: "a wrong password was not refused\n" });
  });

  test("a revoked login is gone from what the server has loaded, and the others stay", async () => {
    await put("app_api_1");
    await put("app_worker_1");
    expect((await run("nats-revoke.sh", "app_api_1")).code).toBe(0);
    expect(users()).toEqual([line("app_worker_1")]);
    expect(docker.read("loaded.conf")).toBe(docker.read("logins/users.conf"));
    expect((await run("nats-revoke.sh", "app_api_1")).code).toBe(0);
  });

  test("the list has whoever was put into it and is not revoked", async () => {
    const text = scriptText(SERVICES, "login-marks.sh", "nats-list.sh");
    const here = text.replace("/var/tmp/logins", path.join(docker.folder, "logins"));
    const list = () => docker.sh(here, { CONTAINER: "c", MARKS_FILE: marks() });
    expect(await list()).toMatchObject({ code: 0, stdout: "" });
    for (const login of ["app_api_1", "app_worker_1", "app_api_2"]) await put(login);
    await run("nats-revoke.sh", "app_api_1");
    expect(await list()).toMatchObject({ code: 0, stdout: "ours app_worker_1\nours app_api_2\n", stderr: "" });
    docker.write("logins/users.conf", `users: [\n${line("app_bob_readonly")}\n${line("app_api_2")}\n]\n`);
    expect((await list()).stdout).toBe("other app_bob_readonly\nours app_api_2\n");
    docker.write("status", "exited");
    expect((await list()).code).not.toBe(0);
  });

  test("on a server that does not run, revoking is a warning and making is an error", async () => {
    docker.write("status", "exited");
    const { code, stderr } = await run("nats-revoke.sh", "app_api_1");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: "warning: nats does not run, app_api_1 could not be revoked\n",
    });
    expect((await put("app_api_1")).code).not.toBe(0);
  });
});
