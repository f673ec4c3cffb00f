import * as fs from "node:fs";
import * as path from "node:path";

import { containers, docker, serviceContainer } from "./support/docker";
import { Inspected, label } from "./support/inspected";
import { dockerTells, leaked, logged } from "./support/leaks";
import { ProcessWatch } from "./support/processes";
import { ProjectCopy } from "./support/project";
import { run } from "./support/run";
import { Shop } from "./support/shop";
import { generatedSecrets, stateText } from "./support/state";

describe("secrets of a running stack", () => {
  let project: ProjectCopy;
  let up: string;
  let secrets: string[];
  /** What the processes of this host showed while all secrets were rotated. */
  let processes: string[] = [];

  const onLinux = process.platform === "linux" ? it : it.skip;
  const dataFolder = () => path.dirname(project.statePath);

  beforeAll(async () => {
    project = await ProjectCopy.create("secret");
    up = await project.devOk("up");
    const shop = new Shop(project.origin);
    await shop.notified((await shop.order(await shop.anyItem())).id, 10);
    const passphrase = fs.readFileSync(path.join(dataFolder(), "passphrase"), "utf8").trim();
    secrets = [passphrase, ...(await generatedSecrets(project))];
  });
  afterAll(() => project.remove());

  const expectNone = (text: string) => {
    expect(text.length).toBeGreaterThan(100);
    expect(leaked(secrets, text)).toBe(0);
  };

  it("are many", () => {
    expect(secrets.length).toBeGreaterThanOrEqual(10);
  });

  it("are encrypted in the state, and stand neither in the update's output nor in its record", () => {
    expectNone(stateText(project));
    expectNone(up);
    expectNone(fs.readFileSync(path.join(dataFolder(), "dev.log"), "utf8"));
  });

  it("appear in no preview that changes all of them, not even in what it says for debugging", async () => {
    for (const credential of ["database", "cache", "broker", "jwt"]) {
      await project.devOk("pulumi", "config", "set", "--path", `rotation.${credential}`, "2", "--stack", "dev");
    }
    const { code, output } = await project.dev(["pulumi", "preview", "--diff", "--debug", "--stack", "dev"]);
    expect(code).toBe(0);
    expectNone(output);
  });

  it("appear in no update that changes all of them, neither in what it says for debugging nor in the engine's events", async () => {
    const watch = process.platform === "linux" ? ProcessWatch.begin() : undefined;
    const events = path.join(dataFolder(), "events.json");
    const args = ["up", "--yes", "--skip-preview", "--debug", "--event-log", events, "--stack", "dev"];
    const { code, output } = await project.dev(["pulumi", ...args], { PULUMI_DEBUG_COMMANDS: "true" });
    processes = watch?.end() ?? [];
    expect(code).toBe(0);
    secrets = [...new Set([...secrets, ...(await generatedSecrets(project))])];
    expectNone(output);
    expectNone(fs.readFileSync(events, "utf8"));
    expectNone(stateText(project));
  });

  onLinux("stood in no process's arguments or environment meanwhile (needs /proc)", () => {
    const all = processes.join("\n");
    expect(all).toMatch(/docker\0exec\0-i\0/);
    expect(all).toMatch(/\0SCRIPT=/);
    expectNone(all);
  });

  it("stand in no description of a container, a volume, a network or an image, and in no log", async () => {
    expectNone(await dockerTells(project.name));
    expectNone(await logged(project.name));
  });

  it("lie on volumes that nobody but their own service mounts", async () => {
    const filters = [`label=dockwright.project=${project.name}`, "label=dockwright.role=secret"];
    const format = '{{.Name}} {{.Label "dockwright.service"}}';
    const flags = filters.flatMap((filter) => ["--filter", filter]);
    const listed = (await docker("volume", "ls", ...flags, "--format", format)).trim().split("\n");
    const owners = new Map(listed.map((line) => line.split(" ") as [string, string]));
    const mounts = ((await containers(project.name)) as unknown as Inspected[])
      .flatMap((each) => each.Mounts.map(({ Source }) => [path.basename(path.dirname(Source)), label(each, "service")]))
      .filter(([volume = ""]) => owners.has(volume));
    expect(mounts.length).toBeGreaterThanOrEqual(2 * owners.size); // the service, and the helper that filled it
    expect(mounts.filter(([volume = "", service]) => owners.get(volume) !== service)).toEqual([]);
  });

  it("are readable by the service's user alone", async () => {
    const { Id, Config } = await serviceContainer(project.name, "backend");
    const files = Config.Env.filter((entry) => /^[A-Z_]+_FILE=\/run\/secrets\//.test(entry)).map((entry) =>
      entry.slice(entry.indexOf("=") + 1),
    );
    expect(files.length).toBeGreaterThanOrEqual(4);
    for (const file of files) {
      expect((await docker("exec", Id, "stat", "-c", "%u:%g %a", file)).trim()).toBe("10001:10001 400");
      const other = await run("docker", ["exec", "-u", "10002:10002", Id, "cat", file]);
      expect(other.output).toMatch(/Permission denied/);
    }
  });

  it("let nobody into the servers without the right password", async () => {
    const network = (
      await docker(
        "network",
        "ls",
        "-q",
        "--filter",
        `label=dockwright.project=${project.name}`,
        "--filter",
        "label=dockwright.service=data",
      )
    ).trim();
    const attempt = async (service: string, command: string) => {
      const { Config } = await serviceContainer(project.name, service);
      return run("docker", ["run", "--rm", "--network", network, "--entrypoint", "sh", Config.Image, "-c", command]);
    };
    const postgres = await attempt(
      "postgres",
      "PGCONNECT_TIMEOUT=5 psql -h postgres -U postgres -d lunch_bot -c 'select 1'",
    );
    expect(postgres.output).toMatch(/rejects connection/);
    const health = await attempt(
      "postgres",
      "PGCONNECT_TIMEOUT=5 psql -h postgres -U dockwright_health -d lunch_bot -c 'select 1'",
    );
    expect(health.output).toMatch(/rejects connection/);
    const redis = await attempt("redis", "redis-cli -h redis ping");
    expect(redis.output).toMatch(/NOAUTH/);
    const kafka = await attempt(
      "kafka",
      "/opt/kafka/bin/kafka-broker-api-versions.sh --bootstrap-server kafka:29092 --command-config /dev/null",
    );
    expect(kafka.code).not.toBe(0);
  });

  it("keep Kafka's other principals valid after one was retired and the broker restarted", async () => {
    const { Id } = await serviceContainer(project.name, "kafka");
    await docker("restart", "-t", "60", Id);
    const shop = new Shop(project.origin);
    await shop.notified((await shop.order(await shop.anyItem())).id, 60);
  });
});
