/** @runs beside others */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";

import { containers, docker, leftovers } from "./support/docker";
import { daemonOfApi, hangingDaemon, StandIn } from "./support/docker-proxy";
import { ProjectCopy } from "./support/project";
import { run, succeed } from "./support/run";

/** An image without content for another processor; its id. */
async function foreignImage(folder: string): Promise<string> {
  const files = fs.mkdtempSync(path.join(folder, "image-"));
  const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
  const layer = Buffer.alloc(1024);
  const rootfs = { type: "layers", diff_ids: [`sha256:${sha256(layer)}`] };
  const config = JSON.stringify({ architecture: "s390x", os: "linux", config: {}, history: [], rootfs });
  const name = `${sha256(config)}.json`;
  fs.writeFileSync(path.join(files, "layer.tar"), layer);
  fs.writeFileSync(path.join(files, name), config);
  fs.writeFileSync(path.join(files, "manifest.json"), JSON.stringify([{ Config: name, Layers: ["layer.tar"] }]));
  await succeed("tar", ["-cf", `${files}.tar`, "-C", files, "layer.tar", name, "manifest.json"]);
  return /sha256:[0-9a-f]{64}/.exec(await docker("load", "--input", `${files}.tar`))?.[0] ?? "";
}

/** What `up` refuses before it touches anything, and what `doctor` says of the same machine. */
describe("before up", () => {
  let project: ProjectCopy;
  let filesImage: string;
  let standIn: StandIn | undefined;

  beforeAll(async () => {
    project = await ProjectCopy.create("preflight");
  });
  afterEach(async () => {
    await standIn?.close();
    standIn = undefined;
    project.restore("Pulumi.dev.yaml");
  });
  afterAll(async () => {
    const ids = (await containers(project.name)).map(({ Id }) => Id);
    if (ids.length > 0) await docker("rm", "--force", ...ids);
    await project.remove();
  });

  it("has the doctor look without making anything", async () => {
    const outcome = await project.dev(["doctor", "--json"]);
    expect(`${outcome.code}\n${outcome.output}`).toMatch(/^0\n/);
    const { findings } = JSON.parse(outcome.stdout) as { findings: { name: string; mark: string }[] };
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["bash", "node", "npm packages", "Pulumi", "daemon", "API", "CPUs", "memory", "port"]),
    );
    expect(fs.existsSync(project.statePath)).toBe(false);
    expect(fs.existsSync(path.join(project.folder, ".dockwright"))).toBe(false);
    expect(await leftovers(project.name)).toEqual([]);
  });

  it("is not held up by a daemon that hangs", async () => {
    standIn = await hangingDaemon();
    const outcome = await project.dev(["doctor"], { DOCKER_HOST: standIn.host });
    expect(outcome.code).toBe(1);
    expect(outcome.output).toContain(`want an answer at DOCKER_HOST (${standIn.host}), got: no answer within 3 s`);
  });

  it("refuses a daemon that is too old", async () => {
    standIn = await daemonOfApi("1.40");
    const env = { DOCKER_HOST: standIn.host };
    const up = await project.dev(["up"], env);
    expect(up.code).not.toBe(0);
    expect(up.output).toMatch(
      /docker\.API: want version 1\.41 or newer, got 1\.40 \(Engine [\w.+-]+\)\n +fix: upgrade/,
    );
    expect(up.output).not.toMatch(/at .*\.m?ts:\d+/);
    const doctor = await project.dev(["doctor"], env);
    expect(doctor.code).toBe(1);
    expect(doctor.output).toMatch(/missing +docker\.API +want version 1\.41 or newer, got 1\.40/);
    expect(await leftovers(project.name)).toEqual([]);
  });

  it("refuses what the host cannot give, all at once, and leaves what runs alone", async () => {
    await project.devOk("images");
    const images = JSON.parse(fs.readFileSync(path.join(project.folder, ".dockwright", "images.json"), "utf8")) as {
      files: string;
    };
    filesImage = images.files;
    const labels = ["--label", `dockwright.project=${project.name}`, "--label", "dockwright.stack=dev"];
    await docker("run", "--detach", "--network", "none", ...labels, filesImage, "sleep", "600");
    const before = (await containers(project.name)).map(({ Id, State }) => [Id, State.Pid]);
    const server = net.createServer().listen(project.port, "127.0.0.1");
    project.edit("Pulumi.dev.yaml", (text) =>
      text.replace(
        "backend: { cpus: 2, memoryMiB: 1024 }",
        "backend: { cpus: 512, memoryMiB: 99999999, memoryReservationMiB: 99999999 }",
      ),
    );

    const { code, output } = await project.dev(["up"]);
    await new Promise((resolve) => server.close(resolve));
    expect(code).not.toBe(0);
    const cpus = os.cpus().length;
    expect(output).toContain(`stack dev of ${project.name} cannot run here: 5 problems, nothing was changed`);
    expect(output).toMatch(
      /names: want none but the stack's own, got container \S+: of dev of .*unknown to this state/,
    );
    expect(output).toContain(`limits.backend.cpus: want at most ${cpus}, the CPUs of Docker's host, got 512`);
    expect(output).toContain(`fix: ./dev pulumi config set --path limits.backend.cpus ${cpus} --stack dev`);
    expect(output).toMatch(
      /limits\.backend\.memoryMiB: want at most \d+, the memory of Docker's host in MiB, got 99999999\n/,
    );
    expect(output).toMatch(/limits\.\*\.memoryReservationMiB: want at most [\d.]+ GiB in all, .* got \d{6}\.\d GiB/);
    expect(output).toMatch(
      new RegExp(`edge\\.httpPort: want port ${project.port} free, but .* in use by .*${process.pid}`),
    );
    expect((await containers(project.name)).map(({ Id, State }) => [Id, State.Pid])).toEqual(before);
    expect(fs.existsSync(path.join(project.statePath, ".pulumi", "stacks"))).toBe(false);
  });

  it("refuses an image of another processor", async () => {
    const folder = path.join(project.folder, ".dockwright");
    const base = path.join(folder, "base.json");
    const id = await foreignImage(folder);
    fs.writeFileSync(base, JSON.stringify({ mode: "official", images: { files: filesImage }, versions: {} }));
    const script = path.join(project.folder, "scripts", "images.mts");
    const outcome = await run("node", [script, "write", base, path.join(folder, "out.json"), id]);
    await docker("image", "rm", id);
    expect(outcome.code).toBe(1);
    expect(outcome.output).toMatch(
      new RegExp(`^error: image ${id}: want linux/\\w+, as Docker's host is, got linux/s390x`),
    );
    expect(outcome.output).toContain("fix: unset DOCKER_DEFAULT_PLATFORM");
    expect(fs.existsSync(path.join(folder, "out.json"))).toBe(false);
  });
});
