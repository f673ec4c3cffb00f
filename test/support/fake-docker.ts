import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { hostScript } from "../../components/platform/script";

/** A container as the fake docker remembers it. */
export interface FakeContainer {
  readonly status?: "created" | "running" | "exited";
  readonly restart?: string;
  readonly exitCode?: number;
  /** Exit code after a start; a job ends at once. @default it keeps running */
  readonly endsWith?: number;
  /** `docker run` ends with this code. @default runs the command for real */
  readonly runStatus?: number;
  /** `docker exec` ends with this code, as when the container exits meanwhile. @default runs the command for real */
  readonly execStatus?: number;
  readonly logs?: string;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Each docker command line, without the text of scripts. */
  readonly calls: string[];
}

/** A docker CLI that keeps one container in files, and runs on this machine what is executed in or beside it. */
const FAKE = `#!/bin/sh
at() { cat "$FAKE_DOCKER/$1" 2>/dev/null; }
put() { printf '%s' "$2" >"$FAKE_DOCKER/$1"; }
case $1 in
  exec) echo "exec $2" ;;
  run) echo run ;;
  *) echo "$*" ;;
esac >>"$FAKE_DOCKER/calls"
[ ! -e "$FAKE_DOCKER/daemon-down" ] || exit 1
if [ "$1" = version ]; then exit 0; fi
[ -e "$FAKE_DOCKER/status" ] || { echo "Error: No such container" >&2; exit 1; }
running() { if [ "$(at status)" = running ]; then echo true; else echo false; fi; }
case $1 in
  inspect)
    case $3 in
      '{{.State.Running}}/'*) echo "$(running)/$(at restart)" ;;
      '{{.State.Running}}') running ;;
      '{{.State.Status}} {{.State.ExitCode}}') echo "$(at status) $(at exitCode)" ;;
      '{{.State.Status}}, exit code'*) echo "$(at status), exit code $(at exitCode)" ;;
    esac ;;
  start)
    put status running
    if [ -e "$FAKE_DOCKER/endsWith" ]; then put status exited; put exitCode "$(at endsWith)"; fi ;;
  stop) put status exited ;;
  wait) while [ "$(at status)" = running ]; do sleep 0.05; done; at exitCode; echo ;;
  update)
    [ ! -e "$FAKE_DOCKER/updateStatus" ] || { echo "no such limit" >&2; exit "$(at updateStatus)"; }
    case $2 in
      --restart=*) put restart "\${2#--restart=}" ;;
      --pids-limit) put pids "$3" ;;
    esac ;;
  logs) at logs | tail -n 20 ;;
  exec)
    [ "$(at status)" = running ] || { echo "Error response from daemon: Container $2 is not running" >&2; exit 1; }
    [ ! -e "$FAKE_DOCKER/execStatus" ] || { put status exited; exit "$(at execStatus)"; }
    [ "$2" != -i ] || shift
    shift 2
    exec "$@" ;;
  run)
    [ ! -e "$FAKE_DOCKER/runStatus" ] || { echo "docker: no such image" >&2; exit "$(at runStatus)"; }
    while [ "$1" != --entrypoint ]; do shift; done
    entrypoint=$2
    shift 3
    exec "$entrypoint" "$@" ;;
esac
`;

/** A folder with a fake docker CLI in front of the PATH. */
export class FakeDocker {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "dockwright-docker-"));

  constructor(container?: FakeContainer) {
    fs.writeFileSync(path.join(this.folder, "docker"), FAKE, { mode: 0o755 });
    const { status = "running", restart = "no", exitCode = 0, ...others } = container ?? {};
    const state = container ? { status, restart, exitCode, ...others } : {};
    for (const [name, value] of Object.entries(state)) this.write(name, String(value));
  }

  write(name: string, content: string): void {
    fs.writeFileSync(path.join(this.folder, name), content);
  }

  read(name: string): string {
    const file = path.join(this.folder, name);
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  }

  /** Runs one of the platform's host scripts as the command provider does. */
  run(script: string, environment: Record<string, string>, stdin = ""): Promise<Outcome> {
    const text = hostScript(path.join(__dirname, "..", "..", "components", "platform"), script);
    return this.sh(text, environment, stdin);
  }

  sh(text: string, environment: Record<string, string> = {}, stdin = ""): Promise<Outcome> {
    // A bash whose standard input is a socket, as here, would read the user's own settings.
    const own = { HOME: this.folder, FAKE_DOCKER: this.folder };
    const env = { PATH: `${this.folder}:${process.env.PATH ?? ""}`, ...own, ...environment };
    return new Promise((resolve) => {
      const child = execFile("/bin/sh", ["-c", text], { env }, (error, stdout, stderr) => {
        const calls = this.read("calls").split("\n").filter(Boolean);
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr, calls });
      });
      // A script that ends without reading closes its end first.
      child.stdin?.on("error", () => undefined).end(stdin);
    });
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true });
  }
}
