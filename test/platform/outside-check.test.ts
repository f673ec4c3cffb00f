// The checks as a probe container runs them, against a server on this machine.
import { execFile, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";

import { outsideHttpCheck, outsideTcpCheck } from "../../components/platform/outside-check";

jest.setTimeout(60_000);

function find(program: string): string | undefined {
  try {
    return execFileSync("/bin/sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

const HELPERS = ["timeout", "bash", "nc"];
const bash = find("bash") && find("timeout") ? test : test.skip;

let folder: string;
let server: http.Server;
const asked: string[] = [];
const port = () => (server.address() as AddressInfo).port;

beforeAll(async () => {
  server = http.createServer((request, response) => {
    asked.push(`${request.headers.host ?? ""}${request.url ?? ""}`);
    response.writeHead(request.url === "/bad" ? 503 : 200).end("answer");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => server.close());
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "dockwright-outside-"))));
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

/** Runs a check with nothing but the given programs on the PATH. */
function check(command: string, programs: readonly string[]): Promise<{ ok: boolean; output: string }> {
  for (const name of programs) {
    const file = find(name);
    const link = path.join(folder, name);
    if (file && !fs.existsSync(link)) fs.symlinkSync(file, link);
  }
  return new Promise((resolve) => {
    execFile("/bin/sh", ["-c", command, "check", "127.0.0.1"], { env: { PATH: folder } }, (error, stdout, stderr) => {
      resolve({ ok: error === null, output: stdout + stderr });
    });
  });
}

describe.each(["curl", "wget", "bash"].filter(find))("over HTTP, with %s", (client) => {
  const programs = client === "curl" ? ["curl"] : client === "wget" ? ["wget", "timeout"] : HELPERS;

  bash("succeeds on 200, and asks as a check inside would", async () => {
    expect(await check(outsideHttpCheck(port(), "/ready?deep=1&all=1"), programs)).toEqual({ ok: true, output: "" });
    expect(asked.at(-1)).toBe(`127.0.0.1:${port()}/ready?deep=1&all=1`);
  });

  bash("fails on 503 and without a server", async () => {
    expect((await check(outsideHttpCheck(port(), "/bad"), programs)).ok).toBe(false);
    expect((await check(outsideHttpCheck(1, "/ok"), programs)).ok).toBe(false);
  });
});

bash("bash alone says what was answered", async () => {
  const { output } = await check(outsideHttpCheck(port(), "/bad"), HELPERS);
  expect(output).toMatch(/^it answered 503 Service Unavailable/);
});

bash("a port is open or not", async () => {
  expect(await check(outsideTcpCheck(port()), HELPERS)).toEqual({ ok: true, output: "" });
  expect((await check(outsideTcpCheck(1), HELPERS)).ok).toBe(false);
});
