/**
 * It counts requests under load.
 *
 * @runs alone
 * @covers product docs/ README.md
 * @minutes 12
 */
import { unexcused } from "./support/container-allowances";
import { check } from "./support/container-checks";
import { docker, leftovers } from "./support/docker";
import { SERVICE_PORTS } from "./support/expectation";
import { inTurns } from "./support/in-turns";
import { label } from "./support/inspected";
import { memoryMiB, offered } from "./support/measures";
import { Expected, STACKS_AT_ONCE } from "./support/all-stacks";
import { excessRights } from "./support/processes";
import { eventually } from "./support/run";
import { followGuidesThatChange, lookAtGuides, lookInBrowser } from "./systems/guides";
import { answeringPorts, lookAtNetworks } from "./systems/networks";
import { interruptRotations, rotateInDev, rotateInProd } from "./systems/rotations";
import { DRAWN_CASTS, fromRegistry, NO_REGISTRY, Running } from "./systems/running";
import { changeSecrets, lookAtSecrets } from "./systems/secrets";
import { setWrongValues } from "./systems/wrong-values";

const without = NO_REGISTRY === undefined ? "" : `, without staging and prod: ${NO_REGISTRY}`;
const casts = DRAWN_CASTS.map((cast) => [`${cast.inDev.project} in dev`, cast] as const);

/**
 * One system in dev and the other deployed, with the settings that are committed for them but for ports, stand-ins and
 * fewer health checks, made once for all that only looks at what runs. A check proves that it was left as it was made;
 * after it comes what changes it.
 */
describe.each(casts)(`the running systems, %s${without}`, (_, cast) => {
  const running = new Running(cast);
  /** `address:port` of this host that others took before there was a stack. */
  let taken: string[];
  /** Containers as they were made. */
  let made: string[];

  beforeAll(async () => {
    taken = await answeringPorts(SERVICE_PORTS);
    await running.prepare();
    const began = Date.now();
    await running.up();
    const seconds = Math.round((Date.now() - began) / 1000);
    const memory = await memoryMiB(await running.runningContainers());
    console.info(`${running.all.stacks.length} stacks: up in ${seconds} s, ${memory} MiB of memory`);
    made = await running.runningIds();
  });
  afterAll(() => running.all.remove());

  it("are healthy, every service", async () => {
    for (const stack of running.all.stacks) await running.expectHealthy(stack);
  });

  it("preview no changes, each of them", async () => {
    await running.each(({ deployment }) => deployment.expectNoChanges());
  });

  it("have secrets that decrypt, and none in clear, each of them", async () => {
    await running.each(async ({ deployment }) => {
      const output = await deployment.devOk("secrets", "check", deployment.stack);
      expect(output).toMatch(/[1-9]\d+ secrets decrypt, none in clear/);
    });
  });

  fromRegistry(
    "preview no changes in staging and prod after a commit that touches only docs, in another clone",
    async () => {
      const { all } = running;
      const clone = await all.cloneWithNewDocs();
      await running.each(({ deployment }) => deployment.from(clone).expectNoChanges(), all.fromRegistry);
    },
  );

  it("stand up to the checks of containers", async () => {
    const found = await running.containers();
    const findings = unexcused(check(found, await offered()), found);
    expect(findings.map(({ container, text }) => `${container}: ${text}`)).toEqual([]);
  });

  it("run no process with a capability, or with a way to one", async () => {
    const excess = await inTurns(STACKS_AT_ONCE, await running.runningContainers(), excessRights);
    expect(excess.flat()).toEqual([]);
  });

  lookAtNetworks(running, () => taken);
  lookAtGuides(running);
  lookInBrowser(running);
  lookAtSecrets(running);

  it("are as they were made, whoever has looked at them", async () => {
    expect(await running.runningIds()).toEqual(made);
    await running.each(({ deployment }) => deployment.expectNoChanges());
  });

  setWrongValues(running);
  fromRegistry("keep their data when stores of prod are stopped and started, and when they are made anew", async () => {
    const stores = async ({ deployment, expectation }: Expected) =>
      (await deployment.containers("service"))
        .filter((each) => expectation.stores.includes(label(each, "service")))
        .map(({ Id }) => Id);
    await running.each(async (stack) => {
      const { deployment, expectation } = stack;
      const isKnown = await expectation.use(deployment.origin, deployment.certificate);
      const before = await stores(stack);
      for (const id of before) await docker("stop", "-t", "60", id);
      for (const id of before) await docker("start", id);
      await running.expectHealthy(stack);
      await eventually("the old data", 30, isKnown);
      for (const store of expectation.stores) deployment.set({ [`limits.${store}.cpus`]: 0.75 });
      await deployment.up();
      expect((await stores(stack)).filter((id) => before.includes(id))).toEqual([]);
      await running.expectHealthy(stack);
      await eventually("the old data", 30, isKnown);
      await expectation.use(deployment.origin, deployment.certificate);
    }, running.all.of("prod"));
  });

  fromRegistry("leave nothing of staging after down --volumes", () => expectNothingLeft(running.all.of("staging")));
  rotateInProd(running);
  fromRegistry("leave nothing of prod after down --volumes", () => expectNothingLeft(running.all.of("prod")));

  rotateInDev(running);
  followGuidesThatChange(running);
  interruptRotations(running);
  changeSecrets(running);
  it("leave nothing of dev after down --volumes", () => expectNothingLeft(running.all.inDev));

  const expectNothingLeft = async (stacks: readonly Expected[]) => {
    const began = Date.now();
    await running.all.down(stacks);
    console.info(`${stacks.length} stacks: removed in ${Math.round((Date.now() - began) / 1000)} s`);
    const left = stacks.map(({ deployment }) => leftovers(deployment.project, deployment.stack));
    expect((await Promise.all(left)).flat()).toEqual([]);
  };
});
