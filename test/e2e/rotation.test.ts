import * as path from "node:path";

import { LUNCH_BOT, System, SYSTEMS } from "../support/systems";
import { AllStacks } from "./support/all-stacks";
import { Deployment } from "./support/deployment";
import { leftovers } from "./support/docker";
import { dockerTells, leaked, logged } from "./support/leaks";
import { Generations, LoadedStack } from "./support/load/loaded-stack";
import { follow } from "./support/load/plan";
import { ProjectCopy } from "./support/project";
import { Registry } from "./support/registry";
import { generatedSecrets, stateText } from "./support/state";

const REQUESTS_PER_SECOND = 200;
const MOST_SECONDS = 600;

/** By system, what it goes through step by step. */
type Plans = Readonly<Record<string, readonly Generations[]>>;

/** On dev's settings, each credential by itself. */
const ONE_BY_ONE: Plans = {
  "lunch-bot": [{ database: 2 }, { cache: 2 }, { broker: 2 }, { jwt: 2 }],
  "task-tracker": [{ database: 2 }, { broker: 2 }, { encryption: 2 }],
};

/** On prod's, where an update takes longer, two at once. */
const IN_PAIRS: Plans = {
  "lunch-bot": [
    { database: 2, cache: 2 },
    { broker: 2, jwt: 2 },
  ],
  "task-tracker": [{ database: 2, broker: 2 }, { encryption: 2 }],
};

/** Jumps, ways back, and several at once; signing keys move by one. */
const ALL_WAYS: readonly Generations[] = [
  { database: 5, cache: 3 },
  { database: 4, jwt: 1 },
  { database: 1, broker: 7 },
];

/** Moves that would leave replicas, or data, with keys that nobody knows. */
const REFUSED: Plans = {
  "lunch-bot": [{ jwt: 3 }],
  "task-tracker": [{ encryption: 1 }, { encryption: 4 }],
};

const planOf = (plans: Plans, { project }: System) => plans[project] ?? [];

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

/** Nothing but configuration and `./dev up`, while requests come. */
describe.each(SYSTEMS)("rotation in $project under load, on dev's settings", (system) => {
  let copy: ProjectCopy;
  let stack: LoadedStack;

  beforeAll(async () => {
    copy = await ProjectCopy.create("rot");
    stack = new LoadedStack(copy, await Deployment.prepare(copy, system, "dev"));
    await stack.deployment.up();
  });
  afterAll(async () => {
    await stack.stop();
    await stack.deployment.down();
    await copy.remove();
  });

  it("loses no request and doubles no work, does what the preview said, and takes the old credentials back", async () => {
    const plan = [...planOf(ONE_BY_ONE, system), ...(system === LUNCH_BOT ? ALL_WAYS : [])];
    expect(await rotated(stack, plan)).toEqual([]);
  });

  it("has nothing to do right after", async () => {
    expect(await stack.deployment.up()).not.toMatch(/created|updated|replaced|deleted/);
  });

  it("refuses a move of keys that would lock somebody out, says why, and changes nothing", async () => {
    const ids = async () => (await stack.deployment.containers()).map(({ Id }) => Id).sort();
    const before = await ids();
    for (const move of planOf(REFUSED, system)) {
      const [[name, got] = ["", 0]] = Object.entries(move);
      const restored = { [name]: await stack.generation(name) };
      await stack.configure(move);
      for (const command of ["preview", "up"] as const) {
        const { code, output } = await stack.deployment.dev([command]);
        expect(`${command}: ${code}\n${output}`).toMatch(/^\w+: [1-9]/);
        expect(output).toMatch(new RegExp(`rotation\\.${name}: want .*because.*, got ${got}`));
        expect(output).not.toMatch(/at .*\.ts:\d+/);
      }
      await stack.configure(restored);
    }
    expect(await ids()).toEqual(before);
    await stack.deployment.expectNoChanges();
  });

  it("has told its secrets neither Docker, nor a log, nor whoever reads the state", async () => {
    const { deployment, dataFolder } = stack;
    const secrets = await generatedSecrets(deployment);
    expect(secrets.length).toBeGreaterThanOrEqual(10);
    const told = [await dockerTells(deployment.project), await logged(deployment.project)];
    for (const text of [...told, stateText({ statePath: path.join(dataFolder, "state") })]) {
      expect(text.length).toBeGreaterThan(1000);
      expect(leaked(secrets, text)).toBe(0);
    }
  });

  it("leaves nothing after down --volumes", () => expectNothingLeft(stack));
});

const reason = Registry.missing();
const describeHere = reason === undefined ? describe : describe.skip;
const why = reason === undefined ? "" : ` (skipped: ${reason})`;

describeHere.each(SYSTEMS)(`rotation in $project under load, on prod's settings${why}`, (system) => {
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
    expect(await rotated(stack, planOf(IN_PAIRS, system))).toEqual([]);
  });

  it("leaves nothing after down --volumes", () => expectNothingLeft(stack));
});
