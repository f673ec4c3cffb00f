import { execFile, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";

import { heartbeatCheck, httpCheck } from "../../components/platform/http-check";

jest.setTimeout(60_000);

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "dockwright-check-"))));
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

/** Runs a check as Docker does, with nothing but the given programs on the PATH. */
function check(command: string, programs: Record<string, string>): Promise<{ ok: boolean; output: string }> {
  for (const [name, file] of Object.entries(programs)) fs.symlinkSync(file, path.join(folder, name));
  return new Promise((resolve) => {
    execFile("/bin/sh", ["-c", command], { env: { PATH: folder } }, (error, stdout, stderr) => {
      resolve({ ok: error === null, output: stdout + stderr });
    });
  });
}

function output(program: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}

const find = (program: string) => output("/bin/sh", "-c", `command -v ${program}`);
/** Itself, not a wrapper that chooses among versions. */
const findPython = () => output("python3", "-c", "import sys; print(sys.executable)");

describe("an HTTP check", () => {
  let server: http.Server;
  const asked: string[] = [];
  const port = () => (server.address() as AddressInfo).port;

  beforeAll(async () => {
    server = http.createServer((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(request.url === "/bad" ? 503 : 200).end("answer");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => server.close());

  const clients = { curl: find("curl"), wget: find("wget"), node: process.execPath, python3: findPython() };
  const present = Object.entries(clients).flatMap(([name, file]) => (file ? [[name, file] as const] : []));

  test.each(present)("with only %s: succeeds on 200, fails on 503 and without a server", async (name, file) => {
    expect(await check(httpCheck(port(), "/ok"), { [name]: file })).toEqual({ ok: true, output: "" });
    expect((await check(httpCheck(port(), "/bad"), {})).ok).toBe(false);
    expect((await check(httpCheck(1, "/ok"), {})).ok).toBe(false);
  });

  test.each(present)("with only %s: asks for the whole path, parameters included", async (name, file) => {
    expect((await check(httpCheck(port(), "/ready?deep=1&all=1"), { [name]: file })).ok).toBe(true);
    expect(asked.at(-1)).toBe("/ready?deep=1&all=1");
  });

  test("without any client: fails and says what is missing", async () => {
    expect(await check(httpCheck(port(), "/ok"), {})).toEqual({
      ok: false,
      output: "no curl, wget, node or python3 in the image\n",
    });
  });
});

describe("a heartbeat check", () => {
  const programs = { date: find("date") ?? "", stat: find("stat") ?? "" };
  const gnu = process.platform === "linux" ? test : test.skip;

  gnu.each([
    [0, true],
    [10, true],
    [30, false],
  ])("of a file touched %d s ago passes at most 15 s: %s", async (age, ok) => {
    const file = path.join(folder, "heartbeat");
    fs.writeFileSync(file, "");
    fs.utimesSync(file, Date.now() / 1000 - age, Date.now() / 1000 - age);
    expect((await check(heartbeatCheck(file, 15), programs)).ok).toBe(ok);
  });

  gnu("fails before the first heartbeat", async () => {
    expect((await check(heartbeatCheck(path.join(folder, "none"), 15), programs)).ok).toBe(false);
  });
});
