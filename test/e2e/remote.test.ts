/**
 * @runs beside others
 * @minutes 4
 */
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";

import { notDrawn, PLACES } from "../support/draw";
import { docker, leftovers } from "./support/docker";
import { ProjectCopy } from "./support/project";
import { RemoteHost, whyNoRemoteHost } from "./support/remote-host";
import { eventually, Outcome } from "./support/run";
import { Shop } from "./support/shop";

const impossible = notDrawn("places that stacks and images come from", PLACES, "remote host") ?? whyNoRemoteHost();
const describeRemote = impossible === undefined ? describe : describe.skip;
const title = `a remote host${impossible === undefined ? "" : `, which this machine cannot run: ${impossible}`}`;

/** What images/ensure.sh wrote. */
interface Made {
  readonly mode: string;
  readonly references: Record<string, string>;
}

/** One stack on another machine, reached by SSH only. Every test finds what the one before it left. */
describeRemote(title, () => {
  let project: ProjectCopy;
  let host: RemoteHost;
  let shop: Shop;

  beforeAll(async () => {
    project = await ProjectCopy.create("remote");
    shop = new Shop(project.origin);
    await project.devOk("images");
    const made = JSON.parse(fs.readFileSync(path.join(project.folder, ".dockwright/base-images.json"), "utf8")) as Made;
    const base = made.mode === "official" ? "debian:13-slim" : (made.references["files"] ?? "");
    host = await RemoteHost.start(project.name, base, project.port);
    await host.load([...Object.values(made.references), await applicationImage()]);
    await host.setKnownHosts("right");
    setDocker(host.url);
  });
  afterAll(async () => {
    await dev("down", "--volumes");
    await host.stop();
    await project.remove();
  });

  /** The tag of what `./dev images` built last: an image without one would lose its name on the way. */
  const applicationImage = async () => {
    const images = JSON.parse(fs.readFileSync(path.join(project.folder, ".dockwright/images.json"), "utf8")) as {
      app: string;
    };
    return (await docker("image", "inspect", "--format", "{{index .RepoTags 0}}", images.app)).trim();
  };

  const setDocker = (url: string | undefined) => {
    project.restore("Pulumi.dev.yaml");
    if (url === undefined) return;
    const prefix = `  ${project.name}:`;
    project.edit("Pulumi.dev.yaml", (text) =>
      text
        .replace("mounted: true", "mounted: false") // the source is not on that machine
        .replace(`${prefix}edge:\n`, `${prefix}edge:\n    bindAddress: 0.0.0.0\n`)
        .concat(`${prefix}docker:\n    host: ${url}\n    apiVersion: "1.45"\n`),
    );
  };
  const settingsFile = () => path.join(project.folder, "Pulumi.dev.yaml");
  const dev = (...args: string[]): Promise<Outcome> => project.dev(args, host.env);
  const devOk = async (...args: string[]): Promise<string> => {
    const outcome = await dev(...args);
    if (outcome.code !== 0) throw new Error(`./dev ${args.join(" ")} ended with ${outcome.code}:\n${outcome.output}`);
    return outcome.output;
  };
  /** What `./dev up` says when it stops before it made anything. */
  const refusedUp = async (): Promise<string> => {
    const { code, output } = await dev("up");
    expect(code).toBe(1);
    expect(output).not.toMatch(/==> (engine|images|recovery)/);
    expect(output).not.toMatch(/at .*\.m?ts:\d+/);
    return output;
  };
  const inspect = async (format: string, role = "service"): Promise<Record<string, string>> => {
    const filters = [`label=dockwright.project=${project.name}`, `label=dockwright.role=${role}`];
    const list = await host.docker("ps", "-aq", ...filters.flatMap((filter) => ["--filter", filter]));
    const label = '{{index .Config.Labels "dockwright.service"}}';
    const ids = list.split("\n").filter(Boolean);
    if (ids.length === 0) return {};
    const lines = (await host.docker("inspect", "--format", `${label} ${format}`, ...ids)).trim().split("\n");
    return Object.fromEntries(lines.map((line) => [line.split(" ")[0], line.split(" ")[1]])) as Record<string, string>;
  };
  const expectNoChanges = async () => {
    const preview = await dev("pulumi", "preview", "--expect-no-changes", "--diff", "--stack", "dev");
    expect(`${preview.code}\n${preview.output}`).toMatch(/^0\n/);
  };
  const orderIsNotified = async () => {
    const { id } = await shop.order(await shop.anyItem());
    expect(await shop.notified(id, 10)).toBeLessThan(10);
  };

  it("says that the host key is not known, and does not accept it", async () => {
    await host.setKnownHosts("none");
    const output = await refusedUp();
    expect(output).toContain(`error: docker.host of stack dev (${host.url}): its host key is not known here yet`);
    expect(output).toContain(`ssh -p ${host.port} deploy@127.0.0.1`);
    expect(fs.readFileSync(host.knownHosts, "utf8")).toBe("");
  });

  it("says that the host key has changed, which one it is now, and to verify it first", async () => {
    await host.setKnownHosts("changed");
    const before = fs.readFileSync(host.knownHosts, "utf8");
    const output = await refusedUp();
    expect(output).toContain(`docker.host of stack dev (${host.url}): its host key has changed`);
    expect(output).toContain(`ED25519 key ${await host.fingerprint()} that it sends`);
    expect(output).toMatch(/stop here[^]*compare the fingerprint[^]*only when it is the same: ssh-keygen -R/);
    expect(fs.readFileSync(host.knownHosts, "utf8")).toBe(before);
    await host.setKnownHosts("right");
  });

  it("says that the host takes none of our keys", async () => {
    await host.setKey("other");
    expect(await refusedUp()).toContain(
      `docker.host of stack dev (${host.url}): the host takes none of our keys for user deploy (it offers: publickey`,
    );
    await host.setKey("right");
  });

  it("says that nothing listens, and does not wait for ever for a host that is silent", async () => {
    setDocker("ssh://deploy@127.0.0.1:1");
    expect(await refusedUp()).toContain(
      "docker.host of stack dev (ssh://deploy@127.0.0.1:1): nothing listens there on port 1",
    );
    const silent = net.createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    setDocker(`ssh://deploy@127.0.0.1:${(silent.address() as net.AddressInfo).port}`);
    const start = Date.now();
    expect(await refusedUp()).toMatch(/docker\.host of stack dev \(ssh:\S+\): the host does not answer/);
    expect(Date.now() - start).toBeLessThan(60_000);
    silent.close();
    setDocker(host.url);
  });

  it("comes up there with one command, and nowhere else", async () => {
    await devOk("up");
    const states = await inspect("{{.State.Health.Status}}");
    expect(Object.keys(states)).toHaveLength(9);
    expect(new Set(Object.values(states))).toEqual(new Set(["healthy"]));
    expect(await leftovers(project.name)).toEqual([]);
    expect(["", "0"]).toContain(await host.droppedConnections());
    await orderIsNotified();
  });

  it("uses what its newer API can do", async () => {
    const intervals = await inspect("{{.Config.Healthcheck.StartInterval}}");
    expect(Object.values(intervals).filter((interval) => interval === "0s")).toEqual([]);
  });

  it("has nothing to do right after", async () => {
    const before = await inspect("{{.Id}}");
    expect(await devOk("up")).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
    expect(await inspect("{{.Id}}")).toEqual(before);
    await expectNoChanges();
  });

  it("rolls a changed setting out, and leaves the servers alone", async () => {
    const before = await inspect("{{.Id}}");
    project.edit("Pulumi.dev.yaml", (text) => text.replace("logLevel: debug", "logLevel: info"));
    await devOk("up");
    const after = await inspect("{{.Id}}");
    const changed = Object.keys(before).filter((service) => before[service] !== after[service]);
    expect(changed).toContain("backend");
    expect(changed).not.toEqual(expect.arrayContaining(["postgres"]));
    await orderIsNotified();
  });

  it("refuses another daemon before anything is changed, whatever the command", async () => {
    const before = await inspect("{{.Id}}");
    const statefile = path.join(project.statePath, ".pulumi/stacks", project.name, "dev.json");
    const state = fs.readFileSync(statefile, "utf8");
    const settings = fs.readFileSync(settingsFile(), "utf8");
    setDocker(undefined);
    for (const args of [["up"], ["down"], ["down", "--volumes"]]) {
      const { code, output } = await dev(...args);
      expect(code).toBe(1);
      expect(output).toContain("stack dev lives on another Docker daemon, nothing was changed");
      expect(output).toContain(`it lives on: ${project.name} at ${host.url} (id `);
      expect(output).toContain("./dev up dev --new-daemon");
    }
    fs.writeFileSync(settingsFile(), settings);
    expect(fs.readFileSync(statefile, "utf8")).toBe(state);
    expect(await inspect("{{.Id}}")).toEqual(before);
    expect(await leftovers(project.name)).toEqual([]);
  });

  it("takes the same Docker under a new id only when told to, and replaces nothing then", async () => {
    const before = await inspect("{{.Id}}");
    await host.renewDaemonId();
    await eventually("nine healthy services after the daemon's restart", 180, async () => {
      const states = Object.values(await inspect("{{.State.Health.Status}}"));
      return states.filter((state) => state === "healthy").length === 9 ? true : undefined;
    });
    expect((await dev("up")).output).toContain("stack dev lives on another Docker daemon");
    expect(await devOk("up", "--new-daemon")).toContain("the same containers under a new id of the daemon");
    expect(await inspect("{{.Id}}")).toEqual(before);
    await orderIsNotified();
    await expectNoChanges();
  });

  it("leaves nothing there after down --volumes", async () => {
    await devOk("down", "--volumes");
    expect(await host.leftovers(project.name)).toEqual([]);
  });
});
