/**
 * It counts requests under load.
 *
 * @runs alone
 */
import * as path from "node:path";

import { drawn, runSeed } from "../support/draw";
import { seeded } from "../support/random";
import { SYSTEMS } from "../support/systems";
import { AllStacks } from "./support/all-stacks";
import { Deployment } from "./support/deployment";
import { leftovers } from "./support/docker";
import { dockerTells, leaked, logged } from "./support/leaks";
import { interrupt } from "./support/load/interruption";
import { Generations, LoadedStack, named } from "./support/load/loaded-stack";
import { loginsIn } from "./support/load/logins";
import { follow } from "./support/load/plan";
import { serverLogins } from "./support/load/server-logins";
import { ProjectCopy } from "./support/project";
import { Registry } from "./support/registry";
import { generatedSecrets, inDocker, knownToDocker, secretFiles, stateText } from "./support/state";
import { PlannedInterruption, planInterruptions } from "./rotation/interruptions";
import { ON_DEV, ON_PROD, REFUSED } from "./rotation/plans";

const REQUESTS_PER_SECOND = 200;
const MOST_SECONDS = 600;

/** While two systems are rotated and interrupted at once. */
const REQUESTS_PER_SECOND_OF_EACH = 20;
const MOST_SECONDS_OF_EACH = 900;

/** Rotates credentials while requests come; gives all that went wrong. */
async function rotated(stack: LoadedStack, plan: readonly Generations[]): Promise<string[]> {
  await stack.begin(REQUESTS_PER_SECOND, MOST_SECONDS);
  const problems = await follow(stack, plan);
  return [...problems, ...(await stack.end())];
}

async function expectNothingLeft({ deployment }: LoadedStack): Promise<void> {
  await deployment.devOk("down", deployment.stack, "--volumes", "--yes");
  expect(await leftovers(deployment.project)).toEqual([]);
}

const SYSTEM_NAMES = SYSTEMS.map(({ project }) => project);

/** Nothing but configuration and `./dev up`, while requests come. */
describe("the systems in dev", () => {
  let copy: ProjectCopy;
  const stacks = new Map<string, LoadedStack>();

  const stackOf = (project: string) => stacks.get(project) as LoadedStack;
  const each = <Result>(act: (stack: LoadedStack) => Promise<Result>) => Promise.all([...stacks.values()].map(act));

  beforeAll(async () => {
    copy = await ProjectCopy.create("rot");
    for (const system of SYSTEMS) {
      stacks.set(system.project, new LoadedStack(copy, await Deployment.prepare(copy, system, "dev")));
    }
    await each(({ deployment }) => deployment.up());
  });
  afterAll(async () => {
    for (const stack of stacks.values()) await stack.stop();
    await each(({ deployment }) => deployment.down());
    await copy.remove();
  });

  it.each(SYSTEMS)(
    "a rotation under load loses no request and doubles no work in $project, does what the preview said, and takes the old credentials back",
    async (system) => {
      const plan = drawn("rotations on dev", ON_DEV).flatMap((plans) => plans[system.project] ?? []);
      expect(await rotated(stackOf(system.project), plan)).toEqual([]);
    },
  );

  it.each(SYSTEM_NAMES)("a rotation leaves nothing to do in %s right after", async (project) => {
    expect(await stackOf(project).deployment.up()).not.toMatch(/created|updated|replaced|deleted/);
  });

  it.each(SYSTEMS)(
    "a rotation refuses a move of keys in $project that would lock somebody out, says why, and changes nothing",
    async (system) => {
      const stack = stackOf(system.project);
      const ids = async () => (await stack.deployment.containers()).map(({ Id }) => Id).sort();
      const before = await ids();
      const { ring, moves } = REFUSED[system.project] ?? { ring: "", moves: [] };
      const now = await stack.generation(ring);
      for (const got of moves.map((move) => now + move).filter((generation) => generation > 0)) {
        await stack.configure({ [ring]: got });
        for (const command of ["preview", "up"] as const) {
          const { code, output } = await stack.deployment.dev([command]);
          expect(`${command}: ${code}\n${output}`).toMatch(/^\w+: [1-9]/);
          expect(output).toMatch(new RegExp(`rotation\\.${ring}: want .*because.*, got ${got}`));
          expect(output).not.toMatch(/at .*\.ts:\d+/);
        }
        await stack.configure({ [ring]: now });
      }
      expect(await ids()).toEqual(before);
      await stack.deployment.expectNoChanges();
    },
  );

  it.each(SYSTEM_NAMES)(
    "a rotation has told the secrets of %s neither Docker, nor a log, nor whoever reads the state",
    async (project) => {
      const { deployment, dataFolder } = stackOf(project);
      const secrets = await generatedSecrets(deployment);
      expect(secrets.length).toBeGreaterThanOrEqual(10);
      const told = [await dockerTells(deployment.project), await logged(deployment.project)];
      for (const text of [...told, stateText({ statePath: path.join(dataFolder, "state") })]) {
        expect(text.length).toBeGreaterThan(1000);
        expect(leaked(secrets, text)).toBe(0);
      }
    },
  );

  /** The engine is killed in the middle of rotations, and nothing but the next `./dev up` is needed. */
  describe("a rotation that is cut off", () => {
    const onLinux = process.platform === "linux" ? it : it.skip;
    const interruptions = planInterruptions();

    onLinux(
      "ends whole with the next up, with the passwords that were there (needs the processes of Linux)",
      async () => {
        const problems = await each(async (stack) => {
          const { project } = stack.deployment.system;
          const random = seeded(runSeed());
          await stack.begin(REQUESTS_PER_SECOND_OF_EACH, MOST_SECONDS_OF_EACH);
          const found: string[] = [];
          for (const interruption of interruptions.filter((planned) => planned.project === project)) {
            found.push(...(await play(stack, interruption, random)));
          }
          return [...found, ...(await stack.end())];
        });
        expect(problems.flat()).toEqual([]);
      },
    );

    /** One rotation that is cut off, and the update that ends it. */
    const play = async (
      stack: LoadedStack,
      { phase, round }: PlannedInterruption,
      random: () => number,
    ): Promise<string[]> => {
      const { raises, instead } = round;
      const to = { ...round.to, ...(raises && { [raises]: (await stack.generation(raises)) + 1 }) };
      const cut = await interrupt(stack, to, phase, random);
      if (instead) await stack.configure(instead);
      await stack.deployment.up();
      await stack.deployment.expectNoChanges();
      const changed = instead ? [] : await cut.changed();
      const where = `${stack.deployment.name}, ${named(to)} cut off when it ${cut.phase}`;
      return changed.map((name) => `${where}: ${name} has got another password`);
    };

    it.each(SYSTEM_NAMES)("leaves on each server of %s just the logins of the state", async (project) => {
      const stack = stackOf(project);
      const known = loginsIn(await secretFiles(stack.deployment)).map(
        ({ server, username }) => `${server} ${username}`,
      );
      expect(await serverLogins(stack)).toEqual(known.sort());
    });

    it.each(SYSTEM_NAMES)("leaves no container and no volume of %s behind", async (project) => {
      const { deployment } = stackOf(project);
      expect(await inDocker(deployment.project, deployment.stack)).toEqual(await knownToDocker(deployment));
    });
  });

  it("leaves nothing after down --volumes", async () => {
    await each(expectNothingLeft);
  });
});

const reason = Registry.missing();
const describeHere = reason === undefined ? describe : describe.skip;
const why = reason === undefined ? "" : ` (skipped: ${reason})`;

const stepsOnProd = drawn("rotations on prod", ON_PROD);
const rotatedOnProd = SYSTEMS.filter((system) => stepsOnProd.some(({ project }) => project === system.project));

describeHere.each(rotatedOnProd)(`a rotation under load in $project, on prod's settings${why}`, (system) => {
  let all: AllStacks;
  let stack: LoadedStack;

  beforeAll(async () => {
    all = await AllStacks.prepare([system]);
    const prod = all.of("prod")[0]?.deployment as Deployment;
    prod.set({ "edge.rateLimit": undefined }); // the whole load comes from one address
    stack = new LoadedStack(all.copy, prod);
    await all.publishImages();
    await prod.create();
    await prod.up();
  });
  afterAll(async () => {
    await stack.stop();
    await all.remove();
  });

  it("loses no request and doubles no work, does what the preview said, and takes the old credentials back", async () => {
    const steps = stepsOnProd.filter(({ project }) => project === system.project);
    expect(
      await rotated(
        stack,
        steps.map(({ step }) => step),
      ),
    ).toEqual([]);
  });

  it("leaves nothing after down --volumes", () => expectNothingLeft(stack));
});
