/**
 * @runs beside others
 * @minutes 4
 */
import * as fs from "node:fs";
import * as path from "node:path";

import { containers, docker, leftovers, serviceContainer } from "./support/docker";
import { loginsIn } from "./support/load/logins";
import { ProjectCopy } from "./support/project";
import { eventually } from "./support/run";
import { secretFiles } from "./support/state";

/** Whose a stack is, what a preview may do, and what goes with its data: on one server with a volume and a consumer. */
describe("ownership", () => {
  let project: ProjectCopy;
  /** A clone of somebody else, who has a state of their own. */
  let theirs: ProjectCopy;
  let others: Record<string, string>;

  beforeAll(async () => {
    project = await ProjectCopy.create("owner");
    const program = fs.readFileSync(path.join(__dirname, "ownership/index.ts"), "utf8");
    theirs = await project.secondClone();
    for (const clone of [project, theirs]) clone.edit("index.ts", () => program.replaceAll("../../../", "./"));
    others = { DOCKWRIGHT_DATA_DIR: path.join(path.dirname(project.folder), "others") };
    await project.devOk("up");
  });
  afterAll(async () => {
    await theirs.dev(["down", "--volumes"], others);
    await project.remove();
  });

  const ids = async () => (await containers(project.name)).map(({ Id }) => Id).sort();
  const volume = () => `${project.name}-dev-redis-data`;
  const volumes = async () => (await docker("volume", "ls", "-q", "--filter", `name=${volume()}`)).trim();
  const stateFile = () => path.join(project.statePath, ".pulumi/stacks", project.name, "dev.json");
  const isProtected = () => fs.readFileSync(stateFile(), "utf8").includes('"protect":true');
  const expectNoChanges = async () => {
    const preview = await project.dev(["pulumi", "preview", "--expect-no-changes", "--diff", "--stack", "dev"]);
    expect(`${preview.code}\n${preview.output}`).toMatch(/^0\n/);
  };
  /** Every file of the folder, with its content and the time of its last change. */
  const filesOf = (folder: string) =>
    fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [file, fs.statSync(file).mtimeMs])
      .sort();

  it("of a stack is told by its id: another state of the same name touches nothing of it", async () => {
    const before = await ids();
    for (const args of [["up"], ["up", "--verbose"]]) {
      const refused = await theirs.dev(args, others);
      expect(refused.code).not.toBe(0);
      expect(refused.output).toMatch(/nothing was changed\n.*another state's stack dev of/);
      expect(refused.output).toContain(`container ${project.name}-dev-redis`);
    }
    for (const args of [["down"], ["down", "--volumes"]]) await theirs.dev(args, others);
    expect(await ids()).toEqual(before);
    expect(await volumes()).toBe(volume());
  });

  it("of a stack is not taken by an update of the other state that was cut off", async () => {
    const marker = path.join(others.DOCKWRIGHT_DATA_DIR ?? "", project.name, "dev.unfinished");
    const before = await ids();
    fs.mkdirSync(path.dirname(marker), { recursive: true });
    fs.writeFileSync(marker, "4194000\n");
    const refused = await theirs.dev(["up"], others);
    expect(refused.output).toMatch(/another state's stack dev of/);
    expect(await ids()).toEqual(before);
  });

  it("is left alone by a preview: after an update that was killed it says what the next one clears up", async () => {
    await project.devOk("down");
    const up = project.startDev(["up"]);
    await eventually("a container", 60, async () => ((await ids()).length > 0 ? true : undefined));
    up.signal("SIGKILL");
    await up.finished;
    const [before, files] = [await ids(), filesOf(project.statePath)];
    const preview = await project.dev(["preview"]);
    expect(preview.output).toMatch(/the last update of stack dev was interrupted, the next up clears up/);
    expect(preview.output).toMatch(/removes the lock of process \d+/);
    expect(await ids()).toEqual(before);
    expect(filesOf(project.statePath)).toEqual(files);
    await project.devOk("up");
    await expectNoChanges();
  });

  it("of a state is not begun by a preview, either", async () => {
    const fresh = { DOCKWRIGHT_DATA_DIR: path.join(path.dirname(project.folder), "fresh") };
    const preview = await theirs.dev(["preview"], fresh);
    expect(`${preview.code}\n${preview.output}`).toMatch(/^0\n/);
    expect(preview.output).toMatch(/another state's stack dev of/);
    expect(fs.existsSync(path.join(fresh.DOCKWRIGHT_DATA_DIR, project.name, "state"))).toBe(false);
  });

  it("of data that was restored under the stack is noticed: its logins are made anew", async () => {
    const { Id, Config } = await serviceContainer(project.name, "redis");
    const logins = async () => loginsIn(await secretFiles(project)).map(({ username }) => username);
    const before = await logins();
    await docker("stop", Id);
    const empty = ["--entrypoint=sh", Config.Image, "-c", "rm -rf /data/*"];
    await docker("run", "--rm", "--user=0:0", "--network=none", `--volume=${volume()}:/data`, ...empty);
    await docker("start", Id);
    const output = await project.devOk("up");
    expect(output).toContain(`redis does not know ${before.join(", ")}`);
    expect(await logins()).not.toEqual(before);
    expect(await project.devOk("up")).not.toMatch(/does not know/);
    await expectNoChanges();
  });

  it("of a content that comes back after an update that failed is another volume", async () => {
    const volumesNow = async () =>
      (await docker("volume", "ls", "-q", "--filter", `name=${project.name}-dev-`)).split("\n");
    const original = fs.readFileSync(path.join(project.folder, "index.ts"), "utf8");
    const change = (value: string, entrypoint: string, memoryMiB: number) => {
      const given = `new dockwright.GivenSecret("given", { variable: "GIVEN", value: "${value}" })`;
      project.edit("index.ts", () =>
        original
          .replace("uses: [redis,", `uses: [${given}, redis,`)
          .replace('["sleep", "infinity"]', entrypoint)
          .replace("settleSeconds: 1", "settleSeconds: 6")
          .replace("...args.redis", `...args.redis, limit: { cpus: 0.5, memoryMiB: ${memoryMiB} }`),
      );
    };
    change("value-a", '["sleep", "infinity"]', 200);
    await project.devOk("up");
    await expectNoChanges();
    const before = await volumesNow();
    change("value-b", '["sh", "-c", "sleep 2; exit 1"]', 300);
    expect((await project.dev(["up"])).code).not.toBe(0);
    change("value-a", '["sleep", "infinity"]', 200);
    await project.devOk("up");
    await expectNoChanges();
    const after = await volumesNow();
    expect(after).toHaveLength(before.length);
    expect(after.filter((name) => before.includes(name) && name !== "")).toEqual([volume()]);
    project.edit("index.ts", () => original);
  });

  it("of labels that a transform gives lasts as long as the transform", async () => {
    const labels = async () => (await serviceContainer(project.name, "redis")).Config.Labels;
    const original = fs.readFileSync(path.join(project.folder, "index.ts"), "utf8");
    const transform = `transform: { container: (args: any) => void args.labels.push({ label: "owner", value: "ann" }) }`;
    project.edit("index.ts", () => original.replace("...args.redis", `...args.redis, ...({ ${transform} } as any)`));
    await project.devOk("up");
    expect(await labels()).toMatchObject({ owner: "ann" });
    project.edit("index.ts", () => original);
    await project.devOk("up");
    expect(await labels()).not.toHaveProperty("owner");
    await expectNoChanges();
  });

  it("of data outlives a down --volumes that was killed, and hangs on no flag of the state", async () => {
    const down = project.startDev(["down", "--volumes"]);
    await eventually("the protection to be taken", 60, () => Promise.resolve(isProtected() ? undefined : true));
    down.signal("SIGKILL");
    await down.finished;
    const destroyed = await project.dev(["pulumi", "destroy", "--yes", "--skip-preview", "--stack", "dev"]);
    expect(destroyed.code).not.toBe(0);
    expect(isProtected()).toBe(true);
    await project.devOk("pulumi", "state", "unprotect", "--all", "--yes", "--stack", "dev");
    await project.devOk("down");
    expect(await volumes()).toBe(volume());
    expect(fs.readFileSync(stateFile(), "utf8")).toContain("encryption-key-1");
    await project.devOk("up");
    await expectNoChanges();
  });

  it("goes over to a new state when the old one is lost, with the data", async () => {
    const { Id } = await serviceContainer(project.name, "redis");
    await docker("exec", Id, "sh", "-c", "echo here >/data/note");
    const label = async () =>
      (await docker("volume", "inspect", "-f", '{{index .Labels "dockwright.stack-id"}}', volume())).trim();
    const id = await label();
    const adopted = await theirs.dev(["up", "--adopt"], others);
    expect(`${adopted.code}\n${adopted.output}`).toMatch(/^0\n/);
    const now = await serviceContainer(project.name, "redis");
    expect(now.Id).not.toBe(Id);
    expect(now.Config.Labels["dockwright.stack-id"]).not.toBe(id);
    for (const args of [["up"], ["down"], ["down", "--volumes"]]) {
      const refused = await project.dev(args);
      expect(`${refused.code}\n${refused.output}`).toMatch(/^1\n[^]*nothing was changed/);
    }
    expect((await project.dev(["preview"])).code).not.toBe(0);
    expect((await serviceContainer(project.name, "redis")).Id).toBe(now.Id);
    const again = await theirs.dev(["up"], others);
    expect(`${again.code}\n${again.output}`).toMatch(/^0\n/);
    expect((await docker("exec", now.Id, "cat", "/data/note")).trim()).toBe("here");
    const gone = await theirs.dev(["down", "--volumes"], others);
    expect(`${gone.code}\n${gone.output}`).toMatch(/^0\n/);
    expect(await leftovers(project.name)).toEqual([]);
  });
});
