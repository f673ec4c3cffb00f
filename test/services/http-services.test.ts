import { Backend, Frontend, HttpServiceArgs } from "../../components";
import { httpCheck } from "../../components/platform/http-check";
import { engine, HARDENED, IMAGE, labels, LIMIT, RUNTIME } from "../support/fixtures";
import { graph } from "../support/harness";
import { ready } from "../support/services";

const args = (changes: Partial<HttpServiceArgs> = {}): HttpServiceArgs => ({
  platform: engine(),
  image: IMAGE,
  limit: LIMIT,
  runtime: RUNTIME,
  port: 8000,
  readinessPath: "/ready",
  segments: ["calls"],
  ...changes,
});

describe.each([
  ["Backend", Backend],
  ["Frontend", Frontend],
] as const)("a %s", (kind, Component) => {
  test("is a container and its gate, and whatever it is given access to", async () => {
    const result = await graph({}, () => new Component("web", args({ uses: [ready()] })));
    expect(result.childrenOf(`${kind} web`)).toEqual([
      "Command web-gate",
      "Container web-container",
      "Container web-secrets-files",
      "RandomId web-secrets-volume-id",
      "Volume web-secrets-volume",
    ]);
  });

  test("has a container that can stand beside its successor", async () => {
    const result = await graph({}, () => new Component("web", args({ command: ["serve"] })));
    const { inputs, options } = result.get(":Container", "web-container");
    expect(inputs).toEqual({
      ...HARDENED,
      image: IMAGE,
      user: "10001:10001",
      init: true,
      command: ["serve"],
      envs: ["PORT=8000"],
      labels: labels("web", "service"),
      cpus: "0.5",
      memory: 256,
      memorySwap: 256,
      tmpfs: { "/tmp": "uid=10001,gid=10001,mode=0700,size=64m,noexec,nosuid,nodev" },
      volumes: [],
      // No alias: the stable name is nginx', which sends calls to ready containers only.
      networksAdvanced: [{ name: "platform-calls-auto" }],
      ports: [],
      healthcheck: {
        tests: ["CMD-SHELL", httpCheck(8000, "/ready")],
        interval: "10s",
        timeout: "5s",
        retries: 3,
        startPeriod: "30s",
      },
      mustRun: true,
      restart: "unless-stopped",
      stopSignal: "SIGTERM",
      stopTimeout: 30,
      destroyGraceSeconds: 30,
      wait: false,
    });
    expect(options.deleteBeforeReplace).toBe(false);
  });

  test("offers its endpoint to the edge and its readiness to others", async () => {
    let component: Backend | Frontend | undefined;
    await graph({}, () => (component = new Component("web", args({ replicas: 2 }))));
    expect(component?.endpoint).toEqual({ service: "web", port: 8000, readinessPath: "/ready" });
    expect(component?.service).toMatchObject({ service: "web", image: IMAGE });
    expect(component?.service.containers).toHaveLength(2);
    expect(component?.service.ready).toHaveLength(2);
  });

  test("can take longer to stop, and runs an image of any kind", async () => {
    const result = await graph({}, () => new Component("web", args({ stopGraceSeconds: 75 })));
    expect(result.container("web-container")).toMatchObject({ stopTimeout: 75, destroyGraceSeconds: 75 });
    expect(result.container("web-container").command).toBeUndefined();
  });
});
