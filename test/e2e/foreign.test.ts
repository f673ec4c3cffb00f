/**
 * @runs beside others
 * @minutes 2
 */
import * as fs from "node:fs";
import * as path from "node:path";

import { containers, docker, leftovers, serviceContainer } from "./support/docker";
import { ProjectCopy } from "./support/project";
import { eventually, run } from "./support/run";
import { generatedSecrets, spellings } from "./support/state";

/** Images that were made without Dockwright in mind: a secret in the environment, no readiness path, no shell. */
describe("foreign images", () => {
  let project: ProjectCopy;
  let images: Record<string, string>;

  beforeAll(async () => {
    project = await ProjectCopy.create("foreign");
    await project.devOk("images");
    const program = fs.readFileSync(path.join(__dirname, "foreign/index.ts"), "utf8");
    project.edit("index.ts", () => program.replaceAll("../../../", "./"));
    images = { withShell: await build("with-shell"), withoutShell: await build("without-shell") };
    set({});
  });
  afterAll(() => project.remove());

  /** The image of a stage of foreign/Dockerfile, on top of the stand-ins' own base or of Debian's image. */
  async function build(stage: string): Promise<string> {
    const made = fs.readFileSync(path.join(project.folder, ".dockwright/base-images.json"), "utf8");
    const { mode, references } = JSON.parse(made) as { mode: string; references: Record<string, string> };
    const base = mode === "official" ? "debian:trixie-slim" : (references.files ?? "");
    const folder = path.join(__dirname, "foreign");
    return (await docker("build", "-q", "--build-arg", `BASE=${base}`, "--target", stage, folder)).trim();
  }

  /** Sets values of the program's own, and takes back those of the last time. */
  const set = (values: Record<string, string | number>) => {
    project.edit("Pulumi.dev.yaml", (text) => {
      const lines = Object.entries({ ...images, ...values }).map(([name, value]) => `  foreign:${name}: ${value}\n`);
      return text.replace(/^ {2}foreign:.*\n/gm, "").replace(/^config:\n/m, `config:\n${lines.join("")}`);
    });
  };
  const get = async (at: string) => {
    const response = await fetch(project.origin + at, { signal: AbortSignal.timeout(5000) });
    return { status: response.status, text: await response.text() };
  };
  const expectNoChanges = async () => {
    const preview = await project.dev(["pulumi", "preview", "--expect-no-changes", "--diff", "--stack", "dev"]);
    expect(`${preview.code}\n${preview.output}`).toMatch(/^0\n/);
  };

  it("come up and are served, those without a shell, too", async () => {
    await project.devOk("up");
    const { text } = await get("/database/metrics");
    expect(text).toMatch(/^pg_up 1$/m);
    expect((await get("/alone/metrics")).text).toMatch(/^process_start_time_seconds /m);
    expect((await get("/any/metrics")).status).toBe(200);
    const { Id } = await serviceContainer(project.name, "alone");
    expect((await run("docker", ["exec", Id, "sh", "-c", "true"])).output).toMatch(/executable file not found/);
  });

  it("watch the server by a login of its own, which reads statistics and no data", async () => {
    const { text } = await get("/server/metrics");
    expect(text).toMatch(/^pg_up 1$/m);
    expect(text).toMatch(/^pg_stat_database_numbackends\{/m);
    const { Id } = await serviceContainer(project.name, "postgres");
    const query = (sql: string) =>
      run("docker", ["exec", Id, "psql", "-XU", "postgres", "-d", "lunch_bot", "-tAc", sql]);
    const login = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'lunchbot_user_server_metrics_%'";
    const rights = "pg_has_role(rolname, 'pg_monitor', 'member'), pg_has_role(rolname, 'lunchbot_user', 'member')";
    const found = await query(login.replace("rolname FROM", `rolsuper, ${rights} FROM`));
    expect(found.output.trim()).toBe("f|t|f");
    const name = (await query(login)).output.trim();
    expect((await query(`SET SESSION AUTHORIZATION ${name}; CREATE TABLE t (id int)`)).output).toMatch(
      /permission denied/,
    );
  });

  it("leave no probe behind", async () => {
    expect(await containers(project.name, "probe")).toEqual([]);
  });

  it("have the secret in the environment of their processes, and Docker has it nowhere", async () => {
    const { Id } = await serviceContainer(project.name, "database-metrics");
    const secrets = await generatedSecrets(project);
    const environment = await docker("exec", Id, "sh", "-c", "cat /proc/[0-9]*/environ 2>/dev/null; true");
    const told = /DATA_SOURCE_NAME=postgresql:\/\/[^:]+:([^@]+)@postgres:5432\/lunch_bot\?sslmode=disable/.exec(
      environment,
    );
    expect(secrets.some((secret) => secret.endsWith(told?.[1] ?? "none"))).toBe(true);
    const inspected = await docker("inspect", ...(await containers(project.name)).map((container) => container.Id));
    expect(inspected).toContain("/run/secrets/DATABASE_URL");
    const found = [...secrets, told?.[1] ?? ""].filter((secret) =>
      spellings(secret).some((spelling) => inspected.includes(spelling)),
    );
    expect(found.length).toBe(0);
  });

  it("have their exemptions in the stack's outputs, and nothing else has one", async () => {
    const services = JSON.parse(
      await project.devOk("pulumi", "stack", "output", "services", "--json", "--stack", "dev"),
    ) as Record<string, { exemptions?: Record<string, string> }>;
    const exempt = Object.entries(services).flatMap(([service, { exemptions = {} }]) =>
      Object.keys(exemptions).map((rule) => `${service}: ${rule}`),
    );
    expect(exempt.sort()).toEqual([
      "alone: docker-health-check",
      "any-answer: docker-health-check",
      "database-metrics: secrets-as-files",
      "silent: docker-health-check",
    ]);
  });

  it("preview no changes, also after a refresh", async () => {
    await expectNoChanges();
    await project.devOk("pulumi", "refresh", "--yes", "--stack", "dev");
    await expectNoChanges();
  });

  it("fail with the reason when they do not become ready, and get no request", async () => {
    const before = await serviceContainer(project.name, "alone");
    set({ flag: "--web.telemetry-path=/elsewhere", startTimeoutSeconds: 5 });
    const answers = new Set<number>();
    const updating = new AbortController();
    const asking = (async () => {
      while (!updating.signal.aborted) answers.add((await get("/alone/metrics")).status);
    })();
    const outcome = await project.dev(["up"]);
    updating.abort();
    await asking;
    expect(outcome.code).not.toBe(0);
    expect(outcome.output).toMatch(/last answer of the check: .*404/);
    expect(outcome.output).toMatch(/alone did not become ready within 5 s/);
    expect(outcome.output).toMatch(/last 20 log lines of alone/);
    expect([...answers]).toEqual([200]);
    expect((await docker("inspect", "--format", "{{.State.Running}}", before.Id)).trim()).toBe("true");
    expect(await containers(project.name, "probe")).toEqual([]);
  });

  it("fail as soon as they exit", async () => {
    set({ flag: "--no-such-flag", startTimeoutSeconds: 600 });
    const outcome = await project.dev(["up"]);
    expect(outcome.output).toMatch(/alone exited before it was ready/);
    expect((await get("/alone/metrics")).status).toBe(200);
  });

  it("recover with the next good version", async () => {
    set({});
    await project.devOk("up");
    await expectNoChanges();
    await eventually("one container of alone", 10, () => serviceContainer(project.name, "alone"));
    expect((await get("/alone/metrics")).status).toBe(200);
  });

  it("leave nothing after down --volumes", async () => {
    await project.devOk("down", "--volumes");
    expect(await leftovers(project.name)).toEqual([]);
  });
});
