/**
 * @runs beside others
 * @minutes 2
 */
import * as fs from "node:fs";
import * as path from "node:path";
import * as tls from "node:tls";

import { TASK_TRACKER } from "../support/systems";
import { Answer, ask } from "./support/ask";
import { selfSigned } from "./support/certificate";
import { Deployment } from "./support/deployment";
import { docker, leftovers } from "./support/docker";
import { label } from "./support/inspected";
import { ProjectCopy } from "./support/project";
import { eventually } from "./support/run";
import { scannerMissing, scanTls } from "./support/tls-scan";

/** The edge of Task Tracker and the one service behind it that needs no other. */
const PROGRAM = `
import * as dockwright from "dockwright";
import { readSettings } from "./settings";

const { args, docker, edge, images } = readSettings();
const platform = new dockwright.DockerEngine("platform", {
  docker,
  filesImage: images.files,
  segments: {
    public: { internal: false, members: ["nginx"] },
    frontend: { internal: true, members: ["nginx", "dashboard"] },
  },
});
const nginx = new dockwright.Nginx("nginx", { platform, ...args.nginx, stableNames: ["api", "dashboard"] });
const dashboard = new dockwright.Frontend("dashboard", { platform, ...args.dashboard, segments: ["frontend"] });
nginx.route(dashboard, [{ path: "/assets/", static: true }, { path: "/" }]);
export const url = edge.publicUrl;
`;

/** What a certificate that nobody else has signed cannot help. */
const SELF_SIGNED = ["cert_chain_of_trust", "cert_revocation"];

const reason = scannerMissing();

/** Prod's own values, with a certificate of the test's. */
describe("prod with a certificate of its own", () => {
  let copy: ProjectCopy;
  let prod: Deployment;

  const httpsPort = () => Number(prod.get("edge.httpsPort"));
  const get = (at: string) =>
    ask(prod.origin + at, { ...(prod.certificate !== undefined && { ca: prod.certificate }) });
  const container = async (service: string) => {
    const found = (await prod.containers("service")).filter((each) => label(each, "service") === service);
    return found[0]?.Id ?? "";
  };
  const started = async () => docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", await container("nginx"));
  const folder = () => path.join(prod.folder, prod.certificateFolder ?? "");
  const served = () =>
    new Promise<string>((resolve, reject) => {
      const socket = tls.connect({ port: httpsPort(), host: "127.0.0.1", rejectUnauthorized: false }, () => {
        resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? "");
        socket.destroy();
      });
      socket.on("error", reject);
    });

  beforeAll(async () => {
    copy = await ProjectCopy.create("tls");
    prod = await Deployment.prepare(copy, TASK_TRACKER, "prod", { PULUMI_CONFIG_PASSPHRASE: "e2e" });
    fs.writeFileSync(path.join(prod.folder, "index.ts"), PROGRAM);
    prod.set({ images: { local: true } });
    await prod.create();
  });
  afterAll(async () => {
    await prod.down();
    await copy.remove();
  });

  /** Puts files in place, sees that an update with them is refused, and puts the right ones back. */
  const expectRefused = async (spoil: () => unknown, message: RegExp) => {
    const kept = `${folder()}-kept`;
    fs.cpSync(folder(), kept, { recursive: true });
    await spoil();
    const { code, output } = await prod.dev(["up", "prod"]);
    fs.rmSync(folder(), { recursive: true });
    fs.renameSync(kept, folder());
    expect(`${code}\n${output}`).toMatch(/^[1-9]/);
    expect(output).toMatch(message);
    expect(output).not.toMatch(/at .*\.ts:\d+|PRIVATE KEY/);
  };

  it("refuses a certificate that is not there, and creates nothing", async () => {
    await expectRefused(() => {
      fs.rmSync(path.join(folder(), "certificate.pem"));
    }, /edge\.tls\.certificateFile: want .*got tls\/certificate\.pem, which is not there/);
    expect(await leftovers(prod.project)).toEqual([]);
  });

  it("comes up and serves it", async () => {
    await prod.up();
    expect((await get("/")).status).toBe(200);
    const redirect = await ask(`http://127.0.0.1:${Number(prod.get("edge.httpPort"))}/somewhere?x=1`);
    expect([redirect.status, redirect.headers.location]).toEqual([308, "https://tracker.example.com/somewhere?x=1"]);
  });

  it("sends the headers with 200, 404 and 502", async () => {
    const expectHeaders = ({ status, headers }: Answer, wanted: number) => {
      expect({ status, headers }).toMatchObject({
        status: wanted,
        headers: {
          "strict-transport-security": expect.stringMatching(/^max-age=\d{8}/) as string,
          "x-frame-options": "DENY",
          "x-content-type-options": "nosniff",
          "referrer-policy": expect.stringContaining("origin") as string,
          "content-security-policy": expect.stringContaining("connect-src 'self' wss://tracker.example.com") as string,
          "x-request-id": expect.stringMatching(/^\w{16,}$/) as string,
        },
      });
      expect(headers["content-security-policy"]).not.toMatch(/unsafe-(inline|eval)/);
    };
    expectHeaders(await get("/"), 200);
    expectHeaders(await get("/no-such-page"), 404);
    const dashboard = await container("dashboard");
    await docker("stop", dashboard);
    try {
      // Until nginx has heard that the name is gone it waits for an answer, and says 504.
      const answered = async () => [await get("/")].find(({ status }) => status === 502);
      expectHeaders(await eventually("an answer without a service", 30, answered), 502);
    } finally {
      await docker("start", dashboard);
    }
    await eventually("the dashboard to serve again", 30, async () =>
      (await get("/")).status === 200 ? true : undefined,
    );
  });

  const scan = reason === undefined ? it : it.skip;
  scan(`has nothing that testssl.sh minds${reason === undefined ? "" : ` (skipped: ${reason})`}`, async () => {
    const began = Date.now();
    const findings = await scanTls(httpsPort(), "MEDIUM");
    console.info(`testssl.sh: ${Math.round((Date.now() - began) / 1000)} s`);
    expect(findings.filter(({ id }) => !SELF_SIGNED.includes(id))).toEqual([]);
    expect(findings.map(({ id }) => id)).toContain("cert_chain_of_trust");
  });

  it("refuses the key of another certificate and one that has expired, and changes nothing", async () => {
    const [before, fingerprint] = [await started(), await served()];
    const other = `${folder()}-other`;
    await selfSigned(other, { hosts: ["tracker.example.com"] });
    await expectRefused(() => {
      fs.copyFileSync(path.join(other, "private-key.pem"), path.join(folder(), "private-key.pem"));
    }, /edge\.tls\.privateKeyFile: want the private key of the certificate in edge\.tls\.certificateFile/);
    await expectRefused(
      () => selfSigned(folder(), { days: -1, hosts: ["tracker.example.com"] }),
      /edge\.tls\.certificateFile: want a certificate that is in date, got one that ended on \d{4}-/,
    );
    expect([await started(), await served()]).toEqual([before, fingerprint]);
  });

  it("serves a renewed certificate after an update, from the same nginx", async () => {
    const [before, fingerprint] = [await started(), await served()];
    await prod.certify();
    await prod.up();
    expect(await served()).not.toBe(fingerprint);
    expect((await get("/")).status).toBe(200);
    expect(await started()).toBe(before);
    await prod.expectNoChanges();
  });

  it("keeps the private key out of what Docker tells", async () => {
    const key = fs.readFileSync(path.join(folder(), "private-key.pem"), "utf8").split("\n")[1] ?? "";
    expect(key.length).toBeGreaterThan(40);
    const all = await docker("inspect", ...(await prod.containers()).map(({ Id }) => Id));
    expect(all).not.toContain(key);
    expect(await docker("logs", await container("nginx"))).not.toContain(key);
  });
});
