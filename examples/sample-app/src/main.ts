import { entryNamed } from "./entries.ts";
import { EnvironmentError } from "./env/problems.ts";
import { createLog } from "./log.ts";
import { stopOnSignal } from "./stop.ts";

// First of all: as PID 1 a process without a handler ignores SIGTERM, also while it still loads.
const stop = stopOnSignal();

async function main(args: readonly string[]): Promise<number> {
  const log = createLog(process.env, args);
  try {
    const entry = entryNamed(args);
    const run = await entry.load();
    await run({ env: process.env, args: entry.args, stop, log });
    log.info("stopped");
    return 0;
  } catch (error) {
    if (error instanceof EnvironmentError) log.fatal({ problems: error.problems }, error.message);
    else log.fatal({ err: error }, "failed");
    return 1;
  }
}

// Explicit, because a client that still holds a socket must not keep a finished process alive.
process.exit(await main(process.argv.slice(2)));
