import { load, roundsOf } from "../settings/system-cases";
import { SYSTEMS } from "../support/systems";
import { AllStacks, Expected, STACKS_AT_ONCE } from "./support/all-stacks";
import { unexcused } from "./support/container-allowances";
import { check } from "./support/container-checks";
import { docker, leftovers } from "./support/docker";
import { SERVICE_PORTS } from "./support/expectation";
import { hostAddresses, openPorts } from "./support/host-ports";
import { inTurns } from "./support/in-turns";
import { label, publishedPorts } from "./support/inspected";
import { memoryMiB, offered } from "./support/measures";
import { Outside } from "./support/outside";
import { excessRights } from "./support/processes";
import { declaredMatrix, matrixOf } from "./support/reachability";
import { Registry } from "./support/registry";
import { eventually } from "./support/run";
import { Survey, surveyAll } from "./support/survey";

const reason = Registry.missing();
const describeHere = reason === undefined ? describe : describe.skip;

/** Every environment of both systems on one host, with the settings that are committed for it. */
describeHere(`all stacks at once${reason === undefined ? "" : ` (skipped: ${reason})`}`, () => {
  let all: AllStacks;
  /** `address:port` of this host that others took before there was a stack. */
  let taken: string[];
  let outside: Outside | undefined;
  let surveys: Survey[] = [];

  const addresses = ["127.0.0.1", ...hostAddresses()];
  const answering = async (ports: readonly number[]) => {
    const open = await Promise.all(addresses.map((address) => openPorts(address, ports)));
    return open.flatMap((found, index) => found.map((port) => `${addresses[index] ?? ""}:${port}`));
  };
  const each = <Result>(act: (stack: Expected) => Promise<Result>, stacks = all.stacks) =>
    inTurns(STACKS_AT_ONCE, stacks, act);
  const except = (stack: string) => all.stacks.filter(({ deployment }) => deployment.stack !== stack);
  const containers = async () =>
    (await Promise.all(all.stacks.map(({ deployment }) => deployment.containers()))).flat();
  const running = async () => (await containers()).filter(({ State }) => State.Running);
  const runningIds = async () => (await running()).map(({ Id }) => Id).sort();
  const expectHealthy = async ({ deployment, expectation }: Expected) => {
    const services = await eventually(`every service of ${deployment.name} to be healthy`, 120, async () => {
      const found = await deployment.containers("service");
      return found.every(({ State }) => State.Health?.Status === "healthy") ? found : undefined;
    });
    const names = new Set(services.map((container) => label(container, "service")));
    expect([...names].sort()).toEqual(expectation.services);
  };

  beforeAll(async () => {
    taken = await answering(SERVICE_PORTS);
    all = await AllStacks.prepare(SYSTEMS);
  });
  afterAll(async () => {
    await outside?.close();
    await all.remove();
  });

  it("come up, every service healthy", async () => {
    const began = Date.now();
    const published = all.publishImages();
    await each(({ deployment }) => deployment.up(), all.of("dev"));
    await each(({ deployment }) => deployment.create(), except("dev"));
    await published;
    await each(({ deployment }) => deployment.up(), except("dev"));
    for (const stack of all.stacks) await expectHealthy(stack);
    const seconds = Math.round((Date.now() - began) / 1000);
    console.info(`${all.stacks.length} stacks: up in ${seconds} s, ${await memoryMiB(await running())} MiB of memory`);
  });

  it("preview no changes, each of them", async () => {
    await each(({ deployment }) => deployment.expectNoChanges());
  });

  it("have secrets that decrypt, and none in clear, each of them", async () => {
    await each(async ({ deployment }) => {
      const output = await deployment.devOk("secrets", "check", deployment.stack);
      expect(output).toMatch(/[1-9]\d+ secrets decrypt, none in clear/);
    });
  });

  it("preview no changes in staging and prod after a commit that touches only docs, in another clone", async () => {
    const clone = await all.cloneWithNewDocs();
    await each(({ deployment }) => deployment.from(clone).expectNoChanges(), except("dev"));
  });

  it("stand up to the checks of containers", async () => {
    const found = await containers();
    const findings = unexcused(check(found, await offered()), found);
    expect(findings.map(({ container, text }) => `${container}: ${text}`)).toEqual([]);
  });

  it("run no process with a capability, or with a way to one", async () => {
    const excess = await inTurns(STACKS_AT_ONCE, await running(), excessRights);
    expect(excess.flat()).toEqual([]);
  });

  it("reach one another over shared segments alone, and from the edge no store", async () => {
    outside = Outside.missing() === undefined ? await Outside.open() : undefined;
    surveys = await surveyAll(all.stacks, outside);
    for (const { stack, listeners, reached } of surveys) {
      const { deployment, expectation } = stack;
      const matrix = matrixOf(reached, listeners);
      expect(matrix).toEqual(declaredMatrix(expectation.segments(deployment.stack), listeners));
      const stores = new RegExp(`^(nginx|dashboard|frontend) → (${expectation.stores.join("|")}):`);
      expect(matrix.filter((line) => stores.test(line))).toEqual([]);
    }
  });

  it("do not reach the services of other stacks", () => {
    for (const { foreign, reached } of surveys) {
      expect(foreign.length).toBeGreaterThan(0);
      expect(reached.flatMap(({ targets }) => targets.filter((target) => foreign.includes(target)))).toEqual([]);
    }
  });

  const withOutside = Outside.missing() === undefined ? it : it.skip;
  withOutside("reach other hosts over an open segment alone (needs root and network namespaces)", () => {
    for (const { stack, reached } of surveys) {
      const segments = stack.expectation.segments(stack.deployment.stack);
      const open = stack.expectation.open.flatMap((segment) => segments[segment] ?? []);
      const out = reached
        .filter(({ targets }) => targets.includes(outside?.target ?? ""))
        .map(({ service }) => service);
      expect([...new Set(out)].sort()).toEqual([...new Set(open)].sort());
    }
  });

  it("answer on the host by nginx alone in staging and prod", async () => {
    for (const { deployment } of except("dev")) {
      const publishing = (await deployment.containers()).filter((each) => publishedPorts(each).length > 0);
      expect(publishing.map((each) => label(each, "service"))).toEqual(["nginx"]);
      const { httpPort, httpsPort, bindAddress } = deployment.get("edge") as Record<string, number | string>;
      const own = [httpPort, httpsPort].filter((port) => port !== undefined).map(Number);
      expect(publishing.flatMap(publishedPorts).map(({ HostPort }) => Number(HostPort))).toEqual(own);
      const at = bindAddress === "0.0.0.0" ? addresses : ["127.0.0.1"];
      const wanted = at.flatMap((address) => own.map((port) => `${address}:${port}`));
      expect((await answering(own)).sort()).toEqual(wanted.sort());
    }
    const listening = surveys.flatMap(({ listeners }) => listeners.flatMap(({ ports }) => ports));
    expect(SERVICE_PORTS).toEqual(expect.arrayContaining(listening));
    expect((await answering(SERVICE_PORTS)).filter((each) => !taken.includes(each))).toEqual([]);
  });

  it("refuse bad values of prod, name them, and leave every container as it is", async () => {
    const before = await runningIds();
    const floating = "registry.example.com/shop/app:1.4";
    for (const { deployment } of all.of("prod")) {
      const staging = all.of("staging").find((other) => other.deployment.system === deployment.system)?.deployment;
      const port = String(staging?.get("edge.httpPort"));
      const cases: [Record<string, unknown>, RegExp][] = [
        [{ "images.app": floating }, new RegExp(`images\\.app: .*${floating.replaceAll(".", "\\.")}`)],
        [{ "edge.httpPort": Number(port) }, new RegExp(`edge\\.httpPort: .*${port}.*staging`)],
        [{ "limits.nginx.memoryMiB": 50_000_000 }, /limits\.nginx\.memoryMiB: .*(50000000|47.7 TiB|48828)/],
      ];
      for (const [values, message] of cases) {
        const restore = deployment.set(values);
        const { code, output } = await deployment.dev(["up", "prod"]);
        restore();
        expect(`${code}\n${output}`).toMatch(/^[1-9]/);
        expect(output).toMatch(message);
      }
    }
    expect(await runningIds()).toEqual(before);
  });

  it("refuse almost every wrong value there can be in a few goes, and leave every container as it is", async () => {
    const before = await runningIds();
    for (const { deployment } of all.of("prod")) {
      const rounds = roundsOf(deployment.system, await load(deployment.system));
      for (const { set, messages } of rounds.filter((round) => round.messages.length > 1)) {
        const restore = deployment.set(set);
        const { code, output } = await deployment.dev(["pulumi", "up", "--yes", "--skip-preview", "--stack", "prod"]);
        restore();
        expect(code).not.toBe(0);
        expect(messages.filter((message) => !output.includes(message.split("\n")[0] ?? ""))).toEqual([]);
      }
    }
    expect(await runningIds()).toEqual(before);
  });

  it("keep their data when stores of prod are stopped and started, and when they are made anew", async () => {
    const stores = async ({ deployment, expectation }: Expected) =>
      (await deployment.containers("service"))
        .filter((each) => expectation.stores.includes(label(each, "service")))
        .map(({ Id }) => Id);
    await each(async (stack) => {
      const { deployment, expectation } = stack;
      const isKnown = await expectation.use(deployment.origin, deployment.certificate);
      const before = await stores(stack);
      for (const id of before) await docker("stop", "-t", "60", id);
      for (const id of before) await docker("start", id);
      await expectHealthy(stack);
      await eventually("the old data", 30, isKnown);
      for (const store of expectation.stores) deployment.set({ [`limits.${store}.cpus`]: 0.75 });
      await deployment.up();
      expect((await stores(stack)).filter((id) => before.includes(id))).toEqual([]);
      await expectHealthy(stack);
      await eventually("the old data", 30, isKnown);
      await expectation.use(deployment.origin, deployment.certificate);
    }, all.of("prod"));
  });

  it("leave nothing after down --volumes", async () => {
    const began = Date.now();
    await all.down();
    console.info(`${all.stacks.length} stacks: removed in ${Math.round((Date.now() - began) / 1000)} s`);
    const projects = [...new Set(all.stacks.map(({ deployment }) => deployment.project))];
    for (const project of projects) expect(await leftovers(project)).toEqual([]);
  });
});
