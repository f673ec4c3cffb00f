import * as path from "node:path";

import { drawn, runSeed } from "../../support/draw";
import { seeded } from "../../support/random";
import { Deployment } from "../support/deployment";
import { dockerTells, leaked, logged } from "../support/leaks";
import { interrupt } from "../support/load/interruption";
import { Generations, LoadedStack, named } from "../support/load/loaded-stack";
import { loginsIn } from "../support/load/logins";
import { follow } from "../support/load/plan";
import { serverLogins } from "../support/load/server-logins";
import { generatedSecrets, inDocker, knownToDocker, secretFiles, stateText } from "../support/state";
import { PlannedInterruption, planInterruptions } from "./interruptions";
import { ON_DEV, ON_PROD, Plans, REFUSED } from "./rotation-plans";
import { fromRegistry, Running } from "./running";

/** Two slow cores answer about 120 beside the other stacks and an update; what is more waits for the database, up to 503. */
const REQUESTS_PER_SECOND = 60;
const MOST_SECONDS = 600;

/** While rotations are interrupted. */
const FEW_REQUESTS_PER_SECOND = 40;
const MOST_SECONDS_OF_INTERRUPTIONS = 900;

/** Rotates credentials of prod while requests come. */
export function rotateInProd(running: Running): void {
  fromRegistry("rotate in prod under load: no request is lost, no work doubled, old credentials end", async () => {
    const prod = running.all.of("prod")[0]?.deployment as Deployment;
    prod.set({ "edge.rateLimit": undefined }); // the whole load comes from one address
    await prod.up();
    expect(await rotated(new LoadedStack(running.all.copy, prod), drawn("rotations on prod", ON_PROD))).toEqual([]);
  });
}

/** Rotates credentials of dev, by nothing but configuration and `./dev up`, while requests come. */
export function rotateInDev(running: Running): void {
  describe("a rotation in dev", () => {
    const stack = () => new LoadedStack(running.all.copy, running.dev.deployment);

    it("loses no request and doubles no work, does what the preview said, and takes old credentials back", async () => {
      expect(await rotated(stack(), drawn("rotations on dev", ON_DEV))).toEqual([]);
    });

    it("leaves nothing to do right after", async () => {
      expect(await running.dev.deployment.up()).not.toMatch(/created|updated|replaced|deleted/);
    });

    it("refuses a move of keys that would lock somebody out, says why, and changes nothing", async () => {
      const before = await running.runningIds();
      const { ring, moves } = REFUSED[running.cast.inDev.project] ?? { ring: "", moves: [] };
      const now = await stack().generation(ring);
      for (const got of moves.map((move) => now + move).filter((generation) => generation > 0)) {
        await stack().configure({ [ring]: got });
        for (const command of ["preview", "up"] as const) {
          const { code, output } = await running.dev.deployment.dev([command]);
          expect(`${command}: ${code}\n${output}`).toMatch(/^\w+: [1-9]/);
          expect(output).toMatch(new RegExp(`rotation\\.${ring}: want .*because.*, got ${got}`));
          expect(output).not.toMatch(/at .*\.ts:\d+/);
        }
        await stack().configure({ [ring]: now });
      }
      expect(await running.runningIds()).toEqual(before);
      await running.dev.deployment.expectNoChanges();
    });

    it("has told the secrets neither Docker, nor a log, nor whoever reads the state", async () => {
      const { deployment, dataFolder } = stack();
      const secrets = await generatedSecrets(deployment);
      expect(secrets.length).toBeGreaterThanOrEqual(10);
      const told = [await dockerTells(deployment.project), await logged(deployment.project)];
      for (const text of [...told, stateText({ statePath: path.join(dataFolder, "state") })]) {
        expect(text.length).toBeGreaterThan(1000);
        expect(leaked(secrets, text)).toBe(0);
      }
    });
  });
}

/** Kills the engine in the middle of rotations: nothing but the next `./dev up` is needed. */
export function interruptRotations(running: Running): void {
  describe("a rotation that is cut off", () => {
    const onLinux = process.platform === "linux" ? it : it.skip;
    let stack: LoadedStack;
    beforeAll(() => {
      stack = new LoadedStack(running.all.copy, running.dev.deployment);
    });

    onLinux(
      "ends whole with the next up, with the passwords that were there (needs the processes of Linux)",
      async () => {
        const random = seeded(runSeed());
        const problems = await underLoad(stack, FEW_REQUESTS_PER_SECOND, MOST_SECONDS_OF_INTERRUPTIONS, async () => {
          const found: string[] = [];
          for (const interruption of planInterruptions(running.cast.inDev.project)) {
            found.push(...(await play(stack, interruption, random)));
          }
          return found;
        });
        expect(problems).toEqual([]);
      },
    );

    it("leaves on each server just the logins of the state", async () => {
      const known = loginsIn(await secretFiles(stack.deployment)).map(
        ({ server, username }) => `${server} ${username}`,
      );
      expect(await serverLogins(stack)).toEqual(known.sort());
    });

    it("leaves no container and no volume behind", async () => {
      const { project, stack: name } = stack.deployment;
      expect(await inDocker(project, name)).toEqual(await knownToDocker(stack.deployment));
    });
  });
}

/** One rotation that is cut off, and the update that ends it. */
async function play(
  stack: LoadedStack,
  { phase, round }: PlannedInterruption,
  random: () => number,
): Promise<string[]> {
  const { raises, instead } = round;
  const to = { ...round.to, ...(raises && { [raises]: (await stack.generation(raises)) + 1 }) };
  const cut = await interrupt(stack, to, phase, random);
  if (instead) await stack.configure(instead);
  await stack.deployment.up();
  await stack.deployment.expectNoChanges();
  const changed = instead ? [] : await cut.changed();
  const where = `${stack.deployment.name}, ${named(to)} cut off when it ${cut.phase}`;
  return changed.map((name) => `${where}: ${name} has got another password`);
}

/** Rotates credentials while requests come; gives all that went wrong. */
function rotated(stack: LoadedStack, plans: readonly Plans[]): Promise<string[]> {
  const steps: Generations[] = plans.flatMap((plan) => plan[stack.deployment.system.project] ?? []);
  return underLoad(stack, REQUESTS_PER_SECOND, MOST_SECONDS, () => follow(stack, steps));
}

/** Does something while requests come; gives all that went wrong, in it and in them. */
async function underLoad(
  stack: LoadedStack,
  requestsPerSecond: number,
  mostSeconds: number,
  act: () => Promise<string[]>,
): Promise<string[]> {
  try {
    await stack.begin(requestsPerSecond, mostSeconds);
    const problems = await act();
    return [...problems, ...(await stack.end())];
  } finally {
    await stack.stop();
  }
}
