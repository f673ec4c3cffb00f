import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const fixture = fileURLToPath(new URL("fixtures/processes.ts", import.meta.url));

/** A connection that was handed to a process in the moment of its death gets no answer. */
async function idOf(port: number): Promise<string> {
  const options = { headers: { connection: "close" }, signal: AbortSignal.timeout(1_000) };
  return (await fetch(`http://127.0.0.1:${port}`, options)).text();
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(50)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`waited in vain for ${what}`);
}

describe("several processes of one entry", () => {
  const primary = spawn(process.execPath, [fixture], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(primary, "exit");
  after(() => primary.kill("SIGKILL"));
  let port = 0;

  const twoIds = (without?: string) =>
    until("two processes", async () => {
      const answers = await Promise.allSettled(Array.from({ length: 8 }, () => idOf(port)));
      const ids = new Set(answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : [])));
      return ids.size === 2 && !(without && ids.has(without)) ? [...ids] : undefined;
    });

  it("share the port", async () => {
    port = Number(String((await once(primary.stdout, "data"))[0]));
    assert.equal((await twoIds()).length, 2);
  });

  it("are replaced when one is killed", async () => {
    const [victim] = await twoIds();
    process.kill(Number(victim), "SIGKILL");
    assert.equal((await twoIds(victim)).length, 2);
  });

  it("all end when the first is told to", async () => {
    const ids = await twoIds();
    primary.kill("SIGTERM");
    assert.deepEqual(await exited, [0, null]);
    for (const id of ids) assert.throws(() => process.kill(Number(id), 0), { code: "ESRCH" });
  });
});
