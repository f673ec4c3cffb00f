/**
 * @runs beside others
 * @minutes 2
 */
import * as fs from "node:fs";
import * as path from "node:path";

import { ProjectCopy } from "./support/project";
import { devOnTerminal } from "./support/terminal";

/** Three services, one of which waits for another. */
const PROGRAM = `
import * as dockwright from "./components";
import { readSettings } from "./settings";

const { args, docker, edge, images } = readSettings();
const platform = new dockwright.DockerEngine("platform", {
  docker,
  filesImage: images.files,
  segments: { public: { internal: false }, calls: { internal: true }, data: { internal: true } },
});
const nginx = new dockwright.Nginx("nginx", { platform, ...args.nginx, stableNames: [] });
const redis = new dockwright.Redis("redis", { platform, segment: "data", ...args.redis });
const frontend = new dockwright.Frontend("frontend", {
  ...{ platform, ...args.frontend, uses: [redis], segments: ["calls"] },
});
nginx.route(frontend, [{ path: "/" }]);
console.log("hello from the program");
export const url = edge.publicUrl;
`;

/** What `./dev up` shows of a real update, on a terminal and off it. */
describe("the view of an update", () => {
  let project: ProjectCopy;
  const onLinux = process.platform === "linux" ? it : it.skip;
  const log = () => path.join(path.dirname(path.dirname(project.statePath)), project.name, "dev.log");

  beforeAll(async () => {
    project = await ProjectCopy.create("view");
    project.edit("index.ts", () => PROGRAM);
  });
  afterAll(() => project.remove());

  onLinux("shows on a terminal what each service waits for, and ends with a row each and a summary", async () => {
    const { code, lines, raw } = await devOnTerminal(project, "up");
    expect(`${code}\n${raw}`).toMatch(/^0\n/);
    expect(raw).toContain("waits for redis");
    expect(raw).toContain("starting, waiting for readiness");
    const screen = lines.join("\n");
    for (const service of ["frontend", "nginx", "redis"]) {
      expect(screen).toMatch(new RegExp(`^    ${service} +ready +\\d+\\.\\d s$`, "m"));
    }
    expect(screen).toMatch(/^ {4}hello from the program$/m);
    expect(lines.at(-3)).toMatch(/^==> pulumi +\d+ created +\d+\.\d s$/);
    expect(lines.at(-2)).toMatch(/^==> health +3 containers healthy/);
    expect(lines.at(-1)).toMatch(new RegExp(`^==> dev +${project.origin} +\\d+\\.\\d s$`));
    expect(screen).not.toMatch(/pulumi:pulumi:Stack|docker:index/);
  });

  onLinux("shows a few lines on a terminal when there is nothing to do", async () => {
    const { code, lines } = await devOnTerminal(project, "up");
    expect(code).toBe(0);
    expect(lines.length).toBeLessThanOrEqual(12); // a phase that took a second keeps its line
    expect(lines.join("\n")).not.toMatch(/frontend|redis/);
    expect(lines.at(-3)).toMatch(/^==> pulumi +\d+ unchanged/);
  });

  it("says without a terminal which service failed, why, with its last log lines, and where the whole log is", async () => {
    project.edit("index.ts", (text) => text.replace("uses: [redis]", 'uses: [redis], command: ["no-such-entry"]'));
    const { code, output, stdout } = await project.dev(["up"]);
    expect(code).not.toBe(0);
    expect(stdout).toMatch(/^ +\d+\.\d s {2}frontend: starting, waiting for readiness$/m);
    expect(stdout).toMatch(/^ +\d+\.\d s {2}frontend: failed$/m);
    expect(output).toMatch(
      /^error: frontend exited before it was ready: .*\n {7}last 20 log lines of frontend:\n {9}\| /m,
    );
    expect(output).toContain(`all that Pulumi did: ${log()}`);
    expect(output).not.toMatch(/\x1b|\r|SCRIPT/); // eslint-disable-line no-control-regex
    expect(fs.readFileSync(log(), "utf8")).toMatch(/FAILED .* command:local:Command frontend-gate/);
  });

  it("tells by plain lines how the next update goes, and Pulumi's own words only when asked", async () => {
    project.restore("index.ts");
    project.edit("index.ts", () => PROGRAM);
    const stdout = await project.devOk("up");
    expect(stdout).toMatch(/^ +\d+\.\d s {2}frontend: (replaced, )?ready after \d+\.\d s$/m);
    expect(stdout).not.toMatch(/docker:index/);
    const verbose = await project.devOk("up", "--verbose");
    expect(verbose).toMatch(/^Updating \(dev\):/m);
    expect(verbose).toMatch(/^==> health +3 containers healthy/m);
  });
});
