/**
 * @runs beside others
 * @minutes 2
 */
import * as fs from "node:fs";
import * as path from "node:path";

import { notDrawn, PLACES } from "../support/draw";
import { containers, docker, health, leftovers } from "./support/docker";
import { freePort } from "./support/free-port";
import { ProjectCopy } from "./support/project";
import { Registry } from "./support/registry";
import { run, succeed } from "./support/run";
import { Shop } from "./support/shop";

const NAMES = ["postgres", "redis", "kafka", "nginx", "files", "app"] as const;

const reason = notDrawn("places that stacks and images come from", PLACES, "private registry") ?? Registry.missing();
const describeHere = reason === undefined ? describe : describe.skip;

/** The staging stack as a team runs it: every image by digest, from a private registry. */
describeHere(`staging from a private registry${reason === undefined ? "" : ` (skipped: ${reason})`}`, () => {
  const passphrase = { PULUMI_CONFIG_PASSPHRASE: "e2e" };
  const references = {} as Record<(typeof NAMES)[number], string>;
  let registry: Registry;
  let project: ProjectCopy;
  let env: Record<string, string>;

  const staging = (...args: string[]) => project.dev(args, env);
  const stagingOk = async (...args: string[]) => {
    const { code, output } = await staging(...args);
    expect(`${code}\n${output}`).toMatch(/^0\n/);
    return output;
  };
  /** Sets `images.*` in this copy's stack file, as a pipeline commits it. */
  const name = (images: Record<string, string>) => {
    project.edit("Pulumi.staging.yaml", (text) =>
      Object.entries(images).reduce((all, [key, value]) => all.replace(lineOf(key), `$1 ${value}`), text),
    );
  };
  const lineOf = (key: string) => new RegExp(`^( {4}${key}:).*$`, "m");

  beforeAll(async () => {
    registry = await Registry.start();
    project = await ProjectCopy.create("reg");
    env = { ...passphrase, ...registry.credentials() };
    const local = JSON.parse(await project.devOk("images").then(afterBrace)) as Record<string, string>;
    const push = async (key: (typeof NAMES)[number]) => {
      references[key] = await registry.push(local[key] ?? "", `lunch-bot/${key}`);
    };
    await Promise.all(NAMES.map(push));
    project.edit("Pulumi.staging.yaml", (text) =>
      text
        .replace("variant: alpine", "variant: debian")
        .replace(/nginxVersion: .*/, `nginxVersion: ${local.nginxVersion ?? ""}`)
        .replace("httpPort: 8081", `httpPort: ${project.port}`)
        .replace(/publicUrl: .*/, `publicUrl: ${project.origin}`) // no proxy that terminates TLS stands in front of it
        .replace(
          "logLevel: info",
          "logLevel: info\n    telegramStub: true\n    telegramApiUrl: http://backend:8000/stub/telegram",
        ),
    );
  });
  afterAll(async () => {
    try {
      await staging("down", "staging", "--volumes", "--yes");
      await project.remove();
    } finally {
      await registry.stop();
    }
  });

  it("names every image that cannot be had, at once, and changes nothing", async () => {
    const stranger = await Registry.start();
    const absent = `${registry.host}/lunch-bot/redis@sha256:${"1".repeat(64)}`;
    const nobody = `127.0.0.1:${await freePort()}/lunch-bot/files@sha256:${"2".repeat(64)}`;
    const elsewhere = `${stranger.host}/lunch-bot/postgres@sha256:${"3".repeat(64)}`;
    const index = await registry.pushIndex(references.kafka, "s390x");
    const foreign = await registry.pushForArchitecture(references.nginx, "s390x");
    name({ ...references, redis: absent, files: nobody, postgres: elsewhere, kafka: index, nginx: foreign });
    const { code, output } = await staging("up", "staging");
    await stranger.stop();
    expect(code).not.toBe(0);
    expect(output).toMatch(/error: 5 of 6 images of stack staging cannot be had, nothing was changed/);
    const problem = (key: string, reference: string) => `${project.name}:images.${key}: ${reference}\n +`;
    const problems = [
      problem("redis", absent) + `${registry.host} has no image of this name and digest`,
      problem("files", nobody) + `the daemon cannot reach 127.0.0.1:\\d+: .*refused`,
      problem("postgres", elsewhere) + `${stranger.host} wants valid credentials[^]*fix: docker login ${stranger.host}`,
      problem("kafka", index) + "it has nothing for linux/\\w+, which the daemon runs, only for linux/s390x",
      problem("nginx", foreign) + "want linux/\\w+, as Docker's host is, got linux/s390x",
    ];
    for (const text of problems) expect(output).toMatch(new RegExp(text));
    expect(output).not.toContain("images.app:");
    expect(await leftovers(project.name)).toEqual([]);
    expect(fs.existsSync(path.join(project.statePath, ".pulumi", "stacks"))).toBe(false);
    await docker("rmi", foreign);
  });

  it("says when the registry refuses the credentials that the helper gives", async () => {
    name(references);
    const { code, output } = await project.dev(["up", "staging"], { ...passphrase, ...registry.credentials("wrong") });
    expect(code).not.toBe(0);
    expect(output).toMatch(
      new RegExp(`images\\.postgres: ${references.postgres}\n[^]*${registry.host} (wants|refuses)`),
    );
    expect(output).not.toContain("wrong");
  });

  it("comes up from the digests, through the credential helper", async () => {
    await stagingOk("pulumi", "stack", "init", "staging");
    const secrets = { telegramBotToken: "12345:for-tests", geminiApiKeys: "key-for-tests" };
    for (const [key, value] of Object.entries(secrets)) {
      await stagingOk("pulumi", "config", "set", "--secret", "--path", `secrets.${key}`, value, "--stack", "staging");
    }
    const output = await stagingOk("up", "staging");
    expect(output).toMatch(/pulling 5 images: postgres, redis, kafka, nginx, files\n/); // app is there since the first try
    const states = await health(project.name);
    expect(Object.values(states)).toEqual(Array(9).fill("healthy"));
    const named = (await containers(project.name, "service")).map(({ Config }) => Config.Image);
    expect(named.every((image) => Object.values(references).includes(image))).toBe(true);
    expect(await new Shop(project.origin).health()).toBe(200);
  });

  it("pulls dev's official images with the same credentials", async () => {
    const official = { redis: references.redis, files: references.files };
    fs.writeFileSync(path.join(project.folder, "images", "official.json"), JSON.stringify(official, null, 2));
    const out = path.join(path.dirname(project.folder), "official-images.json");
    const script = path.join(project.folder, "images", "ensure.sh");
    const ensure = () => run(script, [out, "redis", "files"], { env: { ...env, DOCKWRIGHT_IMAGES: "official" } });
    const [first, second] = [await ensure(), await ensure()];
    const written = JSON.parse(fs.readFileSync(out, "utf8")) as Record<string, Record<string, string>>;
    for (const tag of Object.values(written.references ?? {})) await docker("rmi", "--no-prune", tag);
    expect(`${first.code}\n${first.output}`).toMatch(/^0\n.* missing: redis files\n[^]*pulling [^]*pulled in /);
    expect(`${second.code}\n${second.output}`).toBe("0\n");
    const version = expect.stringMatching(/^\d+\.\d+/) as string;
    expect(written).toMatchObject({ mode: "official", versions: { redis: version, files: version } });
    project.restore("images/official.json");
  });

  it("has nothing to pull and nothing to change afterwards", async () => {
    const preview = await staging("pulumi", "preview", "--expect-no-changes", "--stack", "staging");
    expect(`${preview.code}\n${preview.output}`).toMatch(/^0\n/);
    const output = await stagingOk("up", "staging");
    expect(output).not.toMatch(/pulling|created|updated|replaced|deleted/);
  });

  it("needs neither registry nor daemon for a preview", async () => {
    const { code, output } = await project.dev(["preview", "staging"], {
      ...passphrase,
      DOCKER_HOST: "tcp://127.0.0.1:9",
    });
    expect(`${code}\n${output}`).toMatch(/^0\n/);
  });

  it("leaves nothing after down --volumes", async () => {
    await stagingOk("down", "staging", "--volumes", "--yes");
    expect(await leftovers(project.name)).toEqual([]);
    for (const reference of Object.values(references)) await succeed("docker", ["rmi", "--no-prune", reference]);
    expect((await run("docker", ["image", "inspect", references.app])).code).not.toBe(0);
  });
});

/** `./dev images` ends with the file it wrote. */
function afterBrace(text: string): string {
  return text.slice(text.indexOf("{"));
}
