import { randomInt } from "node:crypto";

import { SYSTEMS } from "../support/systems";
import { Deployment } from "./support/deployment";
import { leftovers } from "./support/docker";
import { interrupt, phases } from "./support/load/interruption";
import { Generations, LoadedStack, named } from "./support/load/loaded-stack";
import { loginsIn } from "./support/load/logins";
import { seeded } from "./support/load/random";
import { serverLogins } from "./support/load/server-logins";
import { ProjectCopy } from "./support/project";
import { inDocker, knownToDocker, secretFiles } from "./support/state";

const REQUESTS_PER_SECOND = 20;
const MOST_SECONDS = 900;

/** A rotation that is cut off, and where it goes instead of being finished. */
interface Round {
  readonly to: Generations;
  /** @default it is finished */
  readonly instead?: Generations;
}

const ROUNDS: Readonly<Record<string, readonly Round[]>> = {
  "lunch-bot": [
    { to: { database: 2 } },
    { to: { broker: 2 } },
    { to: { database: 3, cache: 2, broker: 3, jwt: 2 } },
    { to: { database: 4, broker: 4 }, instead: { database: 3, broker: 5 } },
    { to: { cache: 5, jwt: 1 }, instead: { cache: 2, jwt: 2 } },
  ],
  "task-tracker": [
    { to: { broker: 2 } },
    { to: { database: 2 } },
    { to: { database: 3, broker: 3, encryption: 2 } },
    { to: { database: 4 }, instead: { database: 3 } },
    { to: { broker: 9 }, instead: { broker: 3, database: 1 } },
  ],
};

const seed = Number(process.env.DOCKWRIGHT_TEST_SEED ?? randomInt(2 ** 31));
const random = seeded(seed);
const points = phases(random);

const describeHere = process.platform === "linux" ? describe : describe.skip;

/** The engine is killed in the middle of rotations, and nothing but the next `./dev up` is needed. */
describeHere("rotations that are cut off (needs the processes of Linux)", () => {
  let copy: ProjectCopy;
  const stacks: LoadedStack[] = [];

  beforeAll(async () => {
    console.info(`cut off at points by DOCKWRIGHT_TEST_SEED=${seed}`);
    copy = await ProjectCopy.create("cut");
    for (const system of SYSTEMS) {
      stacks.push(new LoadedStack(copy, await Deployment.prepare(copy, system, "dev")));
    }
    await Promise.all(stacks.map(({ deployment }) => deployment.up()));
  });
  afterAll(async () => {
    for (const stack of stacks) await stack.stop();
    for (const { deployment } of stacks) await deployment.down();
    await copy.remove();
  });

  it("each end whole with the next up, with the passwords that were there, and lose no request", async () => {
    const problems = await Promise.all(
      stacks.map(async (stack) => {
        await stack.begin(REQUESTS_PER_SECOND, MOST_SECONDS);
        const found: string[] = [];
        const rounds = ROUNDS[stack.deployment.system.project] ?? [];
        for (const round of rounds) found.push(...(await play(stack, round)));
        return [...found, ...(await stack.end())];
      }),
    );
    expect(problems.flat()).toEqual([]);
  });

  /** One rotation that is cut off, and the update that ends it. */
  const play = async (stack: LoadedStack, { to, instead }: Round): Promise<string[]> => {
    const cut = await interrupt(stack, to, points.pop() ?? "made a login", random);
    if (instead) await stack.configure(instead);
    await stack.deployment.up();
    await stack.deployment.expectNoChanges();
    const changed = instead ? [] : await cut.changed();
    const where = `${stack.deployment.name}, ${named(to)} cut off when it ${cut.phase}`;
    return changed.map((name) => `${where}: ${name} has got another password`);
  };

  it("leave on each server just the logins of the state", async () => {
    for (const stack of stacks) {
      const known = loginsIn(await secretFiles(stack.deployment)).map(
        ({ server, username }) => `${server} ${username}`,
      );
      expect(await serverLogins(stack)).toEqual(known.sort());
    }
  });

  it("leave no container and no volume behind", async () => {
    for (const { deployment } of stacks) {
      expect(await inDocker(deployment.project, deployment.stack)).toEqual(await knownToDocker(deployment));
    }
  });

  it("leave nothing after down --volumes", async () => {
    for (const stack of stacks) {
      await stack.deployment.devOk("down", "--volumes");
      expect(await leftovers(stack.deployment.project)).toEqual([]);
    }
  });
});
