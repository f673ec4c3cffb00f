import { containers, docker, serviceContainer } from "./support/docker";
import { ProjectCopy } from "./support/project";
import { run } from "./support/run";
import { Shop } from "./support/shop";
import { generatedSecrets, spellings, stateText } from "./support/state";

describe("secrets of a running stack", () => {
  let project: ProjectCopy;
  let up: string;
  let secrets: string[];

  beforeAll(async () => {
    project = await ProjectCopy.create("secret");
    up = await project.devOk("up");
    const shop = new Shop(project.origin);
    await shop.notified((await shop.order(await shop.anyItem())).id, 10);
    secrets = await generatedSecrets(project);
  });
  afterAll(() => project.remove());

  const expectNone = (text: string) => {
    expect(text.length).toBeGreaterThan(100);
    const found = secrets.filter((secret) => spellings(secret).some((spelling) => text.includes(spelling)));
    expect(found.length).toBe(0);
  };

  it("are many", () => {
    expect(secrets.length).toBeGreaterThanOrEqual(10);
  });

  it("stand in no container's description", async () => {
    expectNone(JSON.stringify(await containers(project.name)));
  });

  it("stand in no log", async () => {
    const logs = await Promise.all((await containers(project.name)).map(({ Id }) => run("docker", ["logs", Id])));
    expectNone(logs.map(({ output }) => output).join("\n"));
  });

  it("are encrypted in the state", () => {
    expectNone(stateText(project));
  });

  it("appear neither in the update's output nor in a preview that changes all of them", async () => {
    expectNone(up);
    for (const credential of ["database", "cache", "broker", "jwt"]) {
      await project.devOk("pulumi", "config", "set", "--path", `rotation.${credential}`, "2", "--stack", "dev");
    }
    expectNone(await project.devOk("pulumi", "preview", "--diff", "--stack", "dev"));
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
    await project.devOk("pulumi", "config", "set", "--path", "rotation.broker", "3", "--stack", "dev");
    await project.devOk("up");
    const { Id } = await serviceContainer(project.name, "kafka");
    await docker("restart", "-t", "60", Id);
    const shop = new Shop(project.origin);
    await shop.notified((await shop.order(await shop.anyItem())).id, 60);
  });
});
