import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { EdgeSettings } from "../../../components/edge/edge-settings";
import { PUBLIC_PORT, renderMainConfig, STATUS_PORT, TLS_FILES, TLS_PORT } from "../../../components/edge/nginx-config";
import { renderRoute, Route, RoutePath } from "../../../components/edge/route";
import { hostScript, scriptText } from "../../../components/platform/script";
import { nginxFiles } from "../../../components/services/nginx-spec";
import { TlsFiles } from "../../../components/settings/tls-files";
import { docker } from "../support/docker";
import { freePort } from "../support/free-port";
import { eventually, run } from "../support/run";
import { DRAWN_IMAGES, edgeImages } from "./images";

/** Runs as the library runs it, but for Pulumi. */
const HARDENED = [
  ...["--user", "101:101", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true"],
  ...["--tmpfs", "/tmp:uid=101,gid=101,mode=0700,size=64m,noexec,nosuid,nodev"],
];

const OWN_PORT = 10100;

const SERVICES = path.join(__dirname, "../../../components/services");

/** A real nginx with the library's own start and activation, and before two real services that one process plays. */
export class Edge {
  private readonly id = `edge-test-${randomUUID().slice(0, 8)}`;
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), `${this.id}-`));

  private constructor(
    private readonly nodeImage: string,
    readonly httpPort: number,
    readonly httpsPort: number,
    /** Leads to the service past the public paths. */
    readonly servicePort: number,
  ) {}

  /** Of one of the images of these tests. */
  static async start(which: (typeof DRAWN_IMAGES)[number]): Promise<Edge> {
    const images = await edgeImages();
    const edge = new Edge(images.node, await freePort(), await freePort(), await freePort());
    fs.chmodSync(edge.folder, 0o755);
    for (const [name, content] of Object.entries(nginxFiles())) {
      fs.writeFileSync(path.join(edge.folder, name), content);
    }
    await docker("network", "create", edge.id);
    await docker("volume", "create", edge.id);
    await edge.startService();
    await docker(
      ...["run", "-d", "--name", edge.id, "--network", edge.id, "--stop-timeout", "1", ...HARDENED],
      ...["--memory", "128m", "--memory-swap", "128m", "-e", `NGINX_STATUS_PORT=${STATUS_PORT}`],
      ...["-v", `${edge.folder}:/etc/dockwright:ro`, "-v", `${edge.id}:/var/cache/nginx`],
      ...["-p", `127.0.0.1:${edge.httpPort}:${PUBLIC_PORT}`, "-p", `127.0.0.1:${edge.httpsPort}:${TLS_PORT}`],
      ...["-p", `127.0.0.1:${edge.servicePort}:${OWN_PORT}`],
      ...["--entrypoint", "sh", images[which], "/etc/dockwright/start.sh"],
    );
    await eventually("nginx to answer", 30, async () => {
      return (await fetch(`http://127.0.0.1:${edge.httpPort}/nginx-health`)).ok ? true : undefined;
    });
    return edge;
  }

  /** Sends all paths there again. */
  async startService(): Promise<void> {
    const source = path.join(__dirname, "upstream.mjs");
    await docker(
      ...["run", "-d", "--name", `${this.id}-service`, "--network", this.id, "-v", `${source}:/upstream.mjs:ro`],
      ...[this.nodeImage, "node", "/upstream.mjs"],
    );
  }

  async stopService(): Promise<void> {
    await docker("rm", "-f", `${this.id}-service`);
  }

  /** Activates the main configuration. */
  async configure(settings: EdgeSettings, tls?: TlsFiles): Promise<void> {
    const files = { "nginx.conf": renderMainConfig(settings, 0.5) };
    const secret = tls && { [TLS_FILES.certificate]: tls.certificate, [TLS_FILES.privateKey]: tls.privateKey };
    await this.activate("config", { ...files, ...secret });
  }

  /** Activates the routes of the first service. */
  async route(paths: readonly RoutePath[]): Promise<void> {
    await this.routeTo({ service: "app", port: 8000, ownPort: OWN_PORT, paths });
  }

  /** Activates those of the second. */
  async routeOther(paths: readonly RoutePath[]): Promise<void> {
    await this.routeTo({ service: "other", port: 8001, paths });
  }

  private async routeTo(route: Route): Promise<void> {
    await this.activate(route.service, renderRoute({ ...route, readinessPath: "/ready" }, [`${this.id}-service`]));
  }

  /** By the very script that an act runs. */
  private async activate(piece: string, files: Record<string, string>): Promise<void> {
    const input = Object.entries(files).map(([name, content]) => `@@file ${name}\n${content}`);
    const env = {
      ...{ CONTAINER: this.id, PIECE: piece, INSIDE: scriptText(SERVICES, "nginx-activate-inside.sh") },
      ...(piece === "config" && { PUBLIC_NETWORK: this.id }),
    };
    const args = ["-c", hostScript(SERVICES, "nginx-activate.sh")];
    const { code, output } = await run("sh", args, { input: input.join(""), timeoutSeconds: 60, env });
    if (code !== 0) throw new Error(`activation of ${piece} failed:\n${output}`);
  }

  /** Runs a command inside nginx' container. */
  inside(...command: string[]): Promise<string> {
    return docker("exec", this.id, ...command);
  }

  /** The access log, a parsed line each. */
  async log(): Promise<Record<string, unknown>[]> {
    const lines = (await docker("logs", this.id)).split("\n").filter((line) => line.startsWith("{"));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** What nginx warned of. */
  async warnings(): Promise<string[]> {
    return (await this.output()).split("\n").filter((line) => /\[(warn|error|crit|alert|emerg)\]/.test(line));
  }

  /** The address from which nginx sees requests that come through the published port. */
  async gateway(): Promise<string> {
    const format = "{{(index .IPAM.Config 0).Gateway}}";
    return (await docker("network", "inspect", "--format", format, this.id)).trim();
  }

  /** nginx' own address on the network that it is published on. */
  async address(): Promise<string> {
    const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
    return (await docker("inspect", "--format", format, this.id)).trim();
  }

  /** All that nginx has written, whichever way. */
  async output(): Promise<string> {
    return (await run("docker", ["logs", this.id])).output;
  }

  async remove(): Promise<void> {
    await run("docker", ["rm", "-f", this.id, `${this.id}-service`]);
    await run("docker", ["network", "rm", this.id]);
    await run("docker", ["volume", "rm", this.id]);
    fs.rmSync(this.folder, { recursive: true });
  }
}
