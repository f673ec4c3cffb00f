import * as fs from "node:fs";
import * as path from "node:path";

import { Deployment } from "../support/deployment";
import { containers, docker, serviceContainer } from "../support/docker";
import { Inspected, label } from "../support/inspected";
import { dockerTells, leaked, logged } from "../support/leaks";
import { ProcessWatch } from "../support/processes";
import { run } from "../support/run";
import { Shop } from "../support/shop";
import { generatedSecrets, stateText } from "../support/state";
import { Running } from "./running";

/** By system, the service that has the most secrets. */
const APPLICATIONS: Readonly<Record<string, string>> = { "lunch-bot": "backend", "task-tracker": "api" };

function expectNone(secrets: readonly string[], text: string): void {
  expect(text.length).toBeGreaterThan(100);
  expect(leaked(secrets, text)).toBe(0);
}

/** Where the state of a stack in dev and what belongs to it lie. */
function dataFolder(running: Running, { project }: Deployment): string {
  return path.join(running.all.copy.env["DOCKWRIGHT_DATA_DIR"] ?? "", project);
}

/** All that nobody may know: what was generated, and the passphrase. */
async function secretsOf(running: Running, deployment: Deployment): Promise<string[]> {
  const passphrase = fs.readFileSync(path.join(dataFolder(running, deployment), "passphrase"), "utf8").trim();
  const secrets = [passphrase, ...(await generatedSecrets(deployment))];
  expect(secrets.length).toBeGreaterThanOrEqual(10);
  return secrets;
}

async function expectUntoldByDocker(secrets: readonly string[], { project }: Deployment): Promise<void> {
  expectNone(secrets, await dockerTells(project));
  expectNone(secrets, await logged(project));
}

/** Who has the secrets of dev, and that the servers ask for them. */
function expectHidden(running: Running): void {
  it("lie on volumes that nobody but their own service mounts", async () => {
    const { project } = running.dev.deployment;
    const filters = [`label=dockwright.project=${project}`, "label=dockwright.role=secret"];
    const format = '{{.Name}} {{.Label "dockwright.service"}}';
    const flags = filters.flatMap((filter) => ["--filter", filter]);
    const listed = (await docker("volume", "ls", ...flags, "--format", format)).trim().split("\n");
    const owners = new Map(listed.map((line) => line.split(" ") as [string, string]));
    const mounts = ((await containers(project)) as unknown as Inspected[])
      .flatMap((each) => each.Mounts.map(({ Source }) => [path.basename(path.dirname(Source)), label(each, "service")]))
      .filter(([volume = ""]) => owners.has(volume));
    expect(mounts.length).toBeGreaterThanOrEqual(2 * owners.size); // the service, and the helper that filled it
    expect(mounts.filter(([volume = "", service]) => owners.get(volume) !== service)).toEqual([]);
  });

  it("are readable by the service's user alone", async () => {
    const { project, system } = running.dev.deployment;
    const { Id, Config } = await serviceContainer(project, APPLICATIONS[system.project] ?? "", "dev");
    const files = Config.Env.filter((entry) => /^[A-Z_]+_FILE=\/run\/secrets\//.test(entry)).map((entry) =>
      entry.slice(entry.indexOf("=") + 1),
    );
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) {
      expect((await docker("exec", Id, "stat", "-c", "%u:%g %a", file)).trim()).toBe("10001:10001 400");
      const other = await run("docker", ["exec", "-u", "10002:10002", Id, "cat", file]);
      expect(other.output).toMatch(/Permission denied/);
    }
  });

  it("are asked for by the servers: nobody gets in without the right one", async () => {
    const { project, system } = running.dev.deployment;
    const { NetworkSettings } = await serviceContainer(project, "postgres", "dev");
    const network = Object.keys(NetworkSettings.Networks)[0] ?? "";
    const attempt = async (service: string, command: string) => {
      const { Image } = (await serviceContainer(project, service, "dev")).Config;
      return run("docker", ["run", "--rm", "--network", network, "--entrypoint=sh", Image, "-c", command]);
    };
    for (const user of ["postgres", "dockwright_health"]) {
      const login = `PGCONNECT_TIMEOUT=5 psql -h postgres -U ${user} -d ${system.project.replace("-", "_")} -c 'select 1'`;
      expect((await attempt("postgres", login)).output).toMatch(/rejects connection/);
    }
    if (!running.hasShop) return;
    expect((await attempt("redis", "redis-cli -h redis ping")).output).toMatch(/NOAUTH/);
    const versions = "/opt/kafka/bin/kafka-broker-api-versions.sh --bootstrap-server kafka:29092";
    expect((await attempt("kafka", `${versions} --command-config /dev/null`)).code).not.toBe(0);
  });
}

/** What of the secrets of dev can be seen, and by whom. */
export function lookAtSecrets(running: Running): void {
  describe("secrets", () => {
    it("are encrypted in the state, and stand neither in the update's output nor in its record", async () => {
      const { deployment } = running.dev;
      const [secrets, folder] = [await secretsOf(running, deployment), dataFolder(running, deployment)];
      expectNone(secrets, stateText({ statePath: path.join(folder, "state") }));
      expectNone(secrets, running.said.get(deployment.name) ?? "");
      expectNone(secrets, fs.readFileSync(path.join(folder, "dev.log"), "utf8"));
    });

    it("stand in no description of a container, a volume, a network or an image, and in no log", async () => {
      const { deployment } = running.dev;
      await expectUntoldByDocker(await secretsOf(running, deployment), deployment);
    });

    expectHidden(running);
  });
}

/** All secrets of the system in dev change, while everything that can talk is told to. */
export function changeSecrets(running: Running): void {
  describe("secrets that all change", () => {
    let secrets: string[];
    /** What the processes of this host showed meanwhile. */
    let processes: string[] = [];

    it("appear in no preview, not even in what it says for debugging", async () => {
      const { deployment } = running.dev;
      secrets = await secretsOf(running, deployment);
      const output = await deployment.devOk("pulumi", "stack", "output", "generations", "--json", "--stack", "dev");
      const now = JSON.parse(output) as Record<string, number>;
      const flags = Object.entries(now).flatMap(([name, number]) => ["--plaintext", `rotation.${name}=${number + 1}`]);
      await deployment.devOk("pulumi", "config", "set-all", "--path", ...flags, "--stack", "dev");
      const preview = await deployment.dev(["pulumi", "preview", "--diff", "--debug", "--stack", "dev"]);
      expect(preview.code).toBe(0);
      expectNone(secrets, preview.output);
    });

    it("appear in no update, neither in what it says for debugging nor in the engine's events", async () => {
      const { deployment } = running.dev;
      const watch = process.platform === "linux" ? ProcessWatch.begin() : undefined;
      const folder = dataFolder(running, deployment);
      const events = path.join(folder, "events.json");
      const args = ["up", "--yes", "--skip-preview", "--debug", "--event-log", events, "--stack", "dev"];
      const { code, output } = await deployment.dev(["pulumi", ...args], { PULUMI_DEBUG_COMMANDS: "true" });
      processes = watch?.end() ?? [];
      expect(code).toBe(0);
      secrets = [...new Set([...secrets, ...(await generatedSecrets(deployment))])];
      expectNone(secrets, output);
      expectNone(secrets, fs.readFileSync(events, "utf8"));
      expectNone(secrets, stateText({ statePath: path.join(folder, "state") }));
    });

    const onLinux = process.platform === "linux" ? it : it.skip;
    onLinux("stood in no process's arguments or environment meanwhile (needs /proc)", () => {
      const all = processes.join("\n");
      expect(all).toMatch(/docker\0exec\0-i\0/);
      expect(all).toMatch(/\0SCRIPT=/);
      expectNone(secrets, all);
    });

    it("stand in no description of a container, a volume, a network or an image, and in no log", async () => {
      await expectUntoldByDocker(secrets, running.dev.deployment);
    });

    expectHidden(running);

    const withKafka = running.hasShop ? it : it.skip;
    withKafka("leave Kafka's other principals valid when one was retired and the broker restarted", async () => {
      const { deployment } = running.dev;
      const { Id } = await serviceContainer(deployment.project, "kafka", "dev");
      await docker("restart", "-t", "60", Id);
      const shop = new Shop(deployment.origin);
      await shop.notified((await shop.order(await shop.anyItem())).id, 60);
    });
  });
}
