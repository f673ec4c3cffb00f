// The gates' real scripts against a docker CLI that keeps one container in files: they prove order and exit codes;
// that Docker behaves like this is for the e2e tests to prove.
import * as fs from "node:fs";
import * as path from "node:path";

import { FakeContainer, FakeDocker, Outcome } from "../support/fake-docker";

/** What the gate of a service is told. */
const SERVICE = { CONTAINER: "c1", SERVICE: "api", RESTART: "always", PIDS_LIMIT: "100" };
/** Before all else. */
const LIMITED = "update --pids-limit 100 c1";

let docker: FakeDocker;
afterEach(() => {
  docker.remove();
});

describe("the gate of a service", () => {
  function gate(container: FakeContainer | undefined, readiness: string, others: Record<string, string> = {}) {
    docker = new FakeDocker(container);
    const environment = { ...SERVICE, TIMEOUT_SECONDS: "1", ...others };
    return docker.run("gate.sh", { ...environment, READINESS: readiness });
  }
  const running: FakeContainer = { status: "running", restart: "always", logs: "line 1\nline 2\n" };

  test("passes as soon as the check passes, touching nothing", async () => {
    const { code, calls, stderr } = await gate(running, "true");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(calls).toEqual([LIMITED, "exec c1"]);
    expect(docker.read("pids")).toBe("100");
  });

  test("fails when the processes inside cannot be limited", async () => {
    docker = new FakeDocker(running);
    docker.write("updateStatus", "1");
    const { code, stderr } = await docker.run("gate.sh", { ...SERVICE, TIMEOUT_SECONDS: "1", READINESS: "true" });
    expect([code, stderr]).toEqual([1, "api: its processes could not be limited to 100: no such limit\n"]);
  });

  test("waits until the check passes, in one execution", async () => {
    docker = new FakeDocker(running);
    const { code, calls } = await docker.run("gate.sh", {
      ...{ ...SERVICE, TIMEOUT_SECONDS: "20" },
      READINESS: 'echo x >>"$FAKE_DOCKER/tries"; [ "$(wc -l <"$FAKE_DOCKER/tries")" -ge 3 ]',
    });
    expect(code).toBe(0);
    expect(docker.read("tries")).toBe("x\nx\nx\n");
    expect(calls.filter((call) => call === "exec c1")).toHaveLength(1);
  });

  test("gives up after its time: last answer, logs, restart off, stopped", async () => {
    const { code, stderr, calls } = await gate(running, "echo database refused; false");
    expect(code).toBe(1);
    expect(stderr).toBe(
      [
        "last answer of the check: database refused",
        "api did not become ready within 1 s",
        "last 20 log lines of api:",
        "  | line 1",
        "  | line 2",
        "",
      ].join("\n"),
    );
    expect(calls.slice(-2)).toEqual(["stop c1", "update --restart=no c1"]);
    expect([docker.read("status"), docker.read("restart")]).toEqual(["exited", "no"]);
  });

  test("fails at once when the container exits, with its exit code", async () => {
    const started = Date.now();
    const { code, stderr } = await gate({ ...running, exitCode: 3, execStatus: 137 }, "true", {
      TIMEOUT_SECONDS: "600",
    });
    expect(code).toBe(1);
    expect(stderr).toContain("api exited before it was ready: exited, exit code 3\nlast 20 log lines of api:\n");
    expect(Date.now() - started).toBeLessThan(30_000);
    expect(docker.read("restart")).toBe("no");
  });

  test("the next try restores the restart policy and starts the container again", async () => {
    const { code, calls } = await gate({ status: "exited", restart: "no" }, "true");
    expect(code).toBe(0);
    expect(calls[2]).toMatch(/^inspect /);
    calls.splice(2, 1);
    expect(calls).toEqual([LIMITED, "exec c1", "update --restart=always c1", "start c1", "exec c1"]);
    expect([docker.read("status"), docker.read("restart")]).toEqual(["running", "always"]);
  });

  test("shows at most 20 lines, and keeps all of them where a folder is named", async () => {
    const logs = Array.from({ length: 25 }, (_, line) => `line ${line}\n`).join("");
    docker = new FakeDocker({ ...running, logs });
    const folder = path.join(docker.folder, "logs of it");
    const { stderr } = await docker.run("gate.sh", {
      ...{ ...SERVICE, TIMEOUT_SECONDS: "0", READINESS: "false" },
      DOCKWRIGHT_LOGS_DIR: folder,
    });
    expect(stderr.split("\n").filter((line) => line.startsWith("  | "))).toHaveLength(20);
    expect(stderr).toContain(`all of them: ${folder}/api.log\n`);
    expect(fs.existsSync(path.join(folder, "api.log"))).toBe(true);
  });

  test("says so when the container is gone", async () => {
    const { code, stderr } = await gate(undefined, "true");
    expect(code).toBe(1);
    expect(stderr).toContain("api: its container is gone; run up once more\n");
  });

  test.each([126, 127])("says what to do about an image without a shell (%d)", async (execStatus) => {
    const { stderr } = await gate({ ...running, execStatus }, "true");
    expect(stderr).toContain("its image has no shell: have it checked from outside\nlast 20 log lines of api:\n");
  });
});

describe("the gate of a service that is checked from outside", () => {
  const running: FakeContainer = { status: "running", restart: "always", logs: "line 1\n" };
  const environment = {
    ...{ ...SERVICE, FROM: "outside", TIMEOUT_SECONDS: "20", HOST: "api-1" },
    ...{ IMAGE: "files", NETWORK: "calls", PROJECT: "p", STACK: "dev", USER_ID: "65534:65534" },
  };
  function gate(container: FakeContainer, READINESS: string, others: Record<string, string> = {}) {
    docker = new FakeDocker(container);
    return docker.run("gate.sh", { ...environment, READINESS, ...others });
  }
  const twice = 'echo "$1" >>"$FAKE_DOCKER/tries"; [ "$(wc -l <"$FAKE_DOCKER/tries")" -ge 3 ]';

  test("asks the container by its host name until the check passes, in one probe", async () => {
    const { code, stderr, calls } = await gate(running, twice);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(docker.read("tries")).toBe("api-1\napi-1\napi-1\n");
    expect([...calls].sort()).toEqual([expect.stringMatching(/^inspect /), "run", LIMITED, "wait c1"]);
  });

  test("gives up after its time, with the last answer", async () => {
    const { code, stderr, calls } = await gate(running, "echo refused; false", { TIMEOUT_SECONDS: "1" });
    expect(code).toBe(1);
    expect(stderr).toBe(
      "last answer of the check: refused\napi did not become ready within 1 s\nlast 20 log lines of api:\n  | line 1\n",
    );
    expect(calls.slice(-2)).toEqual(["stop c1", "update --restart=no c1"]);
  });

  test("fails at once when the container exits, and leaves no process behind", async () => {
    const started = Date.now();
    const { code, stderr } = await gate(
      { ...running, exitCode: 3 },
      'printf exited >"$FAKE_DOCKER/status"; echo refused; false',
      { TIMEOUT_SECONDS: "600" },
    );
    expect(code).toBe(1);
    expect(stderr).toBe("api exited before it was ready: exited, exit code 3\nlast 20 log lines of api:\n  | line 1\n");
    expect(Date.now() - started).toBeLessThan(30_000);
  });

  test("the next try starts the container again", async () => {
    const { code } = await gate({ status: "exited", restart: "no" }, "true");
    expect([code, docker.read("status"), docker.read("restart")]).toEqual([0, "running", "always"]);
  });

  test("says so when no probe can be started", async () => {
    const { code, stderr } = await gate({ ...running, runStatus: 125 }, "true");
    expect([code, stderr]).toEqual([
      1,
      "api cannot be checked from outside: docker: no such image\nlast 20 log lines of api:\n  | line 1\n",
    ]);
  });
});

describe("the gate of a service without a check", () => {
  function gate(container: FakeContainer) {
    docker = new FakeDocker(container);
    const environment = { ...SERVICE, SERVICE: "jobs", FROM: "none", SETTLE_SECONDS: "1" };
    return docker.run("gate.sh", environment);
  }

  test("passes when it keeps running", async () => {
    const { code, stderr, calls } = await gate({ status: "running", restart: "always" });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(calls).toEqual([LIMITED, expect.stringMatching(/^inspect /), "wait c1"]);
  });

  test("fails when it ends meanwhile", async () => {
    const { code, stderr } = await gate({ status: "created", restart: "always", endsWith: 4, logs: "no config\n" });
    expect([code, stderr]).toEqual([
      1,
      "jobs exited before it was ready: exited, exit code 4\nlast 20 log lines of jobs:\n  | no config\n",
    ]);
  });
});

describe("the gate of a job", () => {
  function gate(container: FakeContainer | undefined, timeoutSeconds = "1"): Promise<Outcome> {
    docker = new FakeDocker(container);
    return docker.run("job-gate.sh", {
      ...{ CONTAINER: "j1", SERVICE: "migrate", PIDS_LIMIT: "100", TIMEOUT_SECONDS: timeoutSeconds },
    });
  }

  test("passes when the job has ended well, without starting it again", async () => {
    const { code, calls, stderr } = await gate({ status: "exited", exitCode: 0 });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(calls).toEqual([expect.stringMatching(/^inspect /), "update --pids-limit 100 j1"]);
  });

  test("starts a job that failed before once more, and passes when it then ends well", async () => {
    const { code, calls } = await gate({ status: "exited", exitCode: 1, endsWith: 0 });
    expect(code).toBe(0);
    expect(calls.filter((call) => call === "start j1")).toHaveLength(1);
  });

  test("fails with exit code and logs when the job fails", async () => {
    const { code, stderr } = await gate({ status: "exited", exitCode: 1, endsWith: 2, logs: "no such table\n" });
    expect(code).toBe(1);
    expect(stderr).toBe("migrate ended with exit code 2\nlast 20 log lines of migrate:\n  | no such table\n");
  });

  test("stops a job that takes too long", async () => {
    const { code, stderr, calls } = await gate({ status: "running", logs: "waiting\n" });
    expect(code).toBe(1);
    expect(stderr).toBe("migrate did not end within 1 s\nlast 20 log lines of migrate:\n  | waiting\n");
    expect(calls.at(-1)).toBe("stop j1");
  });

  test("says so when the container is gone", async () => {
    const { code, stderr } = await gate(undefined);
    expect([code, stderr]).toEqual([1, "migrate: its container is gone; run up once more\n"]);
  });
});

describe("is_running of the prelude", () => {
  const ask = "if is_running c1; then echo yes; else echo no; fi";
  // The prelude stands in front of every host script; the rest of the gate is cut off.
  const prelude = fs.readFileSync(path.join(__dirname, "../../components/platform/scripts/prelude.sh"), "utf8");

  test.each<[string, FakeContainer | undefined, string]>([
    ["running", { status: "running" }, "yes\n"],
    ["exited", { status: "exited" }, "no\n"],
    ["gone", undefined, "no\n"],
  ])("of a container that is %s", async (_state, container, answer) => {
    docker = new FakeDocker(container);
    expect((await docker.sh(`${prelude}\n${ask}`)).stdout).toBe(answer);
  });

  test("is an error when the daemon itself does not answer: nobody may take that for a container that is gone", async () => {
    docker = new FakeDocker();
    docker.write("daemon-down", "");
    const { code, stdout, stderr } = await docker.sh(`${prelude}\n${ask}`);
    expect([code, stdout, stderr]).toEqual([1, "", "the Docker daemon does not answer\n"]);
  });
});
