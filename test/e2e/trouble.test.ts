/**
 * @runs beside others
 * @minutes 3
 */
import * as fs from "node:fs/promises";
import * as net from "node:net";

import { containers, docker, leftovers, serviceContainer } from "./support/docker";
import { ProjectCopy } from "./support/project";
import { eventually } from "./support/run";
import { Order, Shop } from "./support/shop";

/** What goes wrong, and that the next `./dev up` needs no repair by hand. */
describe("trouble", () => {
  let project: ProjectCopy;
  let shop: Shop;
  let order: Order;

  beforeAll(async () => {
    project = await ProjectCopy.create("trouble");
    shop = new Shop(project.origin);
  });
  afterAll(() => project.remove());

  const ids = async () => (await containers(project.name, "service")).map(({ Id }) => Id).sort();
  const expectNoChanges = async () => {
    const preview = await project.dev(["pulumi", "preview", "--expect-no-changes", "--stack", "dev"]);
    expect(`${preview.code}\n${preview.output}`).toMatch(/^0\n/);
  };
  const containersStarted = (count: number) =>
    eventually(`${count} containers`, 120, async () =>
      (await containers(project.name, "service")).length >= count ? true : undefined,
    );

  it("says all that is wrong with the configuration at once, and creates nothing", async () => {
    project.edit("Pulumi.dev.yaml", (text) =>
      text.replace("memoryMiB: 1024", "memoryMiB: 8").replace("logLevel: debug", "logLevel: loud\n    poolSise: 3"),
    );
    const outcome = await project.dev(["up"]);
    expect(outcome.code).not.toBe(0);
    expect(outcome.output).toContain("limits.backend.memoryMiB: want 64 or more, got 8");
    expect(outcome.output).toContain('app.logLevel: want one of "debug", "info", "warn", "error", got "loud"');
    expect(outcome.output).toContain('app.poolSise: want a known key, perhaps "poolSize", got an unknown key');
    expect(outcome.output).not.toMatch(/at .*\.ts:\d+/);
    expect(await leftovers(project.name)).toEqual([]);
    project.edit("Pulumi.dev.yaml", (text) =>
      text.replace("memoryMiB: 8", "memoryMiB: 1024").replace("logLevel: loud\n    poolSise: 3", "logLevel: debug"),
    );
  });

  it("names a missing given secret outside dev, and the line that sets it", async () => {
    const env = { PULUMI_CONFIG_PASSPHRASE: "e2e", PULUMI_BACKEND_URL: `file://${project.folder}/../staging-state` };
    await fs.mkdir(`${project.folder}/../staging-state`, { recursive: true });
    const outcome = await project.dev(["preview", "staging"], env);
    expect(outcome.code).not.toBe(0);
    expect(outcome.output).toContain("pulumi config set --secret --path 'secrets.telegramBotToken'");
    expect(outcome.output).toContain("pulumi config set --secret --path 'secrets.geminiApiKeys'");
    project.restore("Pulumi.staging.yaml");
  });

  it("says that the port is taken, and by whom, before it creates anything", async () => {
    const server = net.createServer().listen(project.port, "127.0.0.1");
    const outcome = await project.dev(["up"]);
    await new Promise((resolve) => server.close(resolve));
    expect(outcome.code).not.toBe(0);
    expect(outcome.output).toContain(String(project.port));
    expect(outcome.output).toMatch(new RegExp(`node|${process.pid}`));
    expect(await leftovers(project.name)).toEqual([]);
  });

  it("says that the daemon cannot be reached", async () => {
    const outcome = await project.dev(["up"], { DOCKER_HOST: "tcp://127.0.0.1:1" });
    expect(outcome.code).not.toBe(0);
    expect(outcome.output).toMatch(/tcp:\/\/127\.0\.0\.1:1/);
    expect(outcome.output).not.toMatch(/at .*\.ts:\d+/);
  });

  it("goes on after kill -9 in the middle of the first up", async () => {
    const first = project.startDev(["up"]);
    await containersStarted(3);
    first.signal("SIGKILL");
    await first.finished;
    await project.devOk("up");
    await expectNoChanges();
    order = await shop.order(await shop.anyItem());
    await shop.notified(order.id, 10);
  });

  it("goes on after Ctrl-C in the middle of an up, with the data that was there", async () => {
    await project.devOk("down");
    const second = project.startDev(["up"]);
    await containersStarted(2);
    second.signal("SIGINT");
    expect((await second.finished).code).not.toBe(0);
    await project.devOk("up");
    await expectNoChanges();
    expect((await shop.orders()).map(({ id }) => id)).toContain(order.id);
  });

  it("keeps the old version serving when the new one never becomes ready, and recovers", async () => {
    const before = await serviceContainer(project.name, "backend");
    project.edit("settings.ts", (text) => text.replace('app("backend", "api")', 'app("backend", "no-such-entry")'));
    const outcome = await project.dev(["up"]);
    expect(outcome.code).not.toBe(0);
    expect(outcome.output).toMatch(/backend exited before it was ready/);
    expect(outcome.output).toMatch(/last 20 log lines of backend/);
    expect(await shop.health()).toBe(200);
    expect((await docker("inspect", "--format", "{{.State.Running}}", before.Id)).trim()).toBe("true");
    project.restore("settings.ts");
    await project.devOk("up");
    await expectNoChanges();
    expect((await containers(project.name)).filter(({ State }) => State.ExitCode !== 0)).toEqual([]);
    expect((await ids()).length).toBe(9);
  });
});
