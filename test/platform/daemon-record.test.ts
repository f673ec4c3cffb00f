import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { spawnSync } from "node:child_process";

import { hostScript } from "../../components/platform/script";
import { engine } from "../support/fixtures";
import { graph } from "../support/harness";

const SCRIPT = hostScript(path.join(__dirname, "../../components/platform"), "record-daemon.sh");

test("a platform asks its daemon once, and again only where the address changes", async () => {
  const { inputs, options } = (await graph({}, () => engine({ host: "ssh://a@b" }))).get(":Command", "platform-daemon");
  expect(inputs).toEqual({
    create: 'sh -c "$SCRIPT"',
    update: 'sh -c "$SCRIPT"',
    environment: { DOCKER_HOST: "ssh://a@b", SCRIPT },
    logging: "none",
    addPreviousOutputInEnv: true,
  });
  expect(options.protect).toBeUndefined();
});

describe("the script", () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "record-"));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  /** Runs it with a docker CLI that answers with these lines, or fails. */
  function record(answer: readonly string[] | undefined, environment: Record<string, string> = {}) {
    const body = answer ? `printf '%s\\n' ${answer.map((line) => `'${line}'`).join(" ")}` : "echo no >&2; exit 1";
    fs.writeFileSync(path.join(folder, "docker"), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    const env = { PATH: `${folder}:/usr/bin:/bin`, ...environment };
    const { status, stdout, stderr } = spawnSync("sh", ["-c", SCRIPT], { encoding: "utf8", env });
    return { status, stdout, stderr };
  }

  test("prints id, name and address", () => {
    expect(record(["A1", "box"]).stdout).toBe("A1\nbox\nunix:///var/run/docker.sock\n");
    expect(record(["A1", "box"], { DOCKER_HOST: "ssh://box" }).stdout).toBe("A1\nbox\nssh://box\n");
  });

  test("takes the same daemon under another address, and refuses another daemon", () => {
    const before = { PULUMI_COMMAND_STDOUT: "A1\nbox\nssh://box" };
    const moved = record(["A1", "box"], { ...before, DOCKER_HOST: "ssh://box.example.com" });
    expect(moved).toMatchObject({ status: 0, stdout: "A1\nbox\nssh://box.example.com\n" });
    const other = record(["B2", "crate"], { ...before, DOCKER_HOST: "ssh://crate" });
    expect(other.status).toBe(1);
    expect(other.stderr).toContain("at ssh://crate\n  it lives on: A1 box ssh://box\n  now answers: B2 crate\n");
  });

  test("fails when no daemon answers", () => {
    expect(record(undefined)).toMatchObject({ status: 1, stdout: "" });
    // As of Engine 26 the command then succeeds with an empty answer.
    expect(record(["", ""])).toMatchObject({ status: 1, stdout: "", stderr: "the Docker daemon does not answer\n" });
  });
});
