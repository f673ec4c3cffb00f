import * as fs from "node:fs";
import * as path from "node:path";

import { unexcused } from "../e2e/support/container-allowances";
import { check, CheckName, CHECKS } from "../e2e/support/container-checks";
import { Inspected } from "../e2e/support/inspected";

const COMPONENTS = path.join(__dirname, "../../components");

const OFFERED = { appArmor: true, seLinux: true };

const DIGEST = `sha256:${"a".repeat(64)}`;

/** A container that nothing is to be said against. */
const GOOD: Inspected = {
  Id: "1",
  Name: "/shop-prod-api",
  Path: "node",
  Args: ["src/main.ts"],
  AppArmorProfile: "docker-default",
  ProcessLabel: "system_u:system_r:container_t:s0",
  State: { Running: true, Pid: 1, ExitCode: 0 },
  Config: {
    Image: `registry.example.com/app@${DIGEST}`,
    User: "10001:10001",
    Labels: { "dockwright.service": "api", "dockwright.role": "service", "dockwright.stack": "prod" },
    Healthcheck: { Test: ["CMD-SHELL", "true"] },
  },
  HostConfig: {
    ...{ CapAdd: null, CapDrop: ["ALL"], CgroupParent: "", CpuQuota: 0, CpuShares: 0, NanoCpus: 1e9 },
    ...{ DeviceCgroupRules: null, DeviceRequests: null, Devices: null, IpcMode: "private", PidMode: "", UTSMode: "" },
    ...{ Memory: 1e9, MemorySwap: 1e9, NetworkMode: "bridge", PidsLimit: 512, Privileged: false, UsernsMode: "" },
    ReadonlyRootfs: true,
    RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
    SecurityOpt: ["no-new-privileges:true"],
    Ulimits: [
      { Name: "core", Hard: 0, Soft: 0 },
      { Name: "nofile", Hard: 65_536, Soft: 65_536 },
    ],
  },
  Mounts: [
    { Type: "volume", Source: "/var/lib/docker/volumes/x/_data", Destination: "/data", RW: true, Propagation: "" },
  ],
  NetworkSettings: {
    Ports: { "8000/tcp": null },
    Networks: { backend: { NetworkID: "n", IPAddress: "172.18.0.2", Gateway: "172.18.0.1" } },
  },
};

const host = (changes: Partial<Inspected["HostConfig"]>): Partial<Inspected> => ({
  HostConfig: { ...GOOD.HostConfig, ...changes },
});
const config = (changes: Partial<Inspected["Config"]>): Partial<Inspected> => ({
  Config: { ...GOOD.Config, ...changes },
});
const published = (HostIp: string, HostPort: string, port = "8000/tcp"): Partial<Inspected> => ({
  NetworkSettings: { ...GOOD.NetworkSettings, Ports: { [port]: [{ HostIp, HostPort }] } },
});
const mounted = (Source: string, more: Partial<Inspected["Mounts"][number]> = {}): Partial<Inspected> => ({
  Mounts: [{ Type: "bind", Source, Destination: "/app/src", RW: false, Propagation: "rprivate", ...more }],
});
const option = (...SecurityOpt: string[]) => host({ SecurityOpt: ["no-new-privileges:true", ...SecurityOpt] });

const found = (changes: Partial<Inspected>) => check([{ ...GOOD, ...changes }], OFFERED);

/** Every check with what it is there to find, and what it says of that. */
const BAD: readonly [CheckName, Partial<Inspected>, string][] = [
  ["apparmor", { AppArmorProfile: "" }, "no AppArmor profile confines it"],
  ["apparmor", option("apparmor=unconfined"), "AppArmor is turned off for it"],
  ["selinux", { ProcessLabel: "" }, "it has no SELinux label"],
  ["selinux", option("label:disable"), "SELinux is turned off for it"],
  ["seccomp", option("seccomp=unconfined"), "no seccomp profile filters its system calls"],
  ["no-new-privileges", host({ SecurityOpt: null }), "it may gain privileges by a setuid program"],
  ["capabilities", host({ CapDrop: ["CAP_NET_RAW"] }), "it keeps capabilities"],
  ["capabilities", host({ CapAdd: ["CAP_CHOWN"] }), "it is given the capability CAP_CHOWN"],
  ["privileged", host({ Privileged: true }), "it is privileged"],
  ["user", config({ User: "" }), 'it runs as ""'],
  ["user", config({ User: "0:1" }), 'it runs as "0:1"'],
  ["user", config({ User: "1000:0" }), 'it runs as "1000:0"'],
  ["read-only-root", host({ ReadonlyRootfs: false }), "its root filesystem can be written"],
  ["sensitive-mount", mounted("/etc/ssl"), "/etc/ssl of the host is mounted"],
  ["sensitive-mount", mounted("/"), "/ of the host is mounted"],
  ["host-mount", mounted("/srv/app"), "/srv/app of the host is mounted at /app/src"],
  ["docker-socket", mounted("/var/run/docker.sock"), "Docker's socket is mounted"],
  ["mount-propagation", mounted("/srv", { Propagation: "rshared" }), "mounts under /app/src propagate: rshared"],
  ["devices", host({ Devices: [{ PathOnHost: "/dev/fuse" }] }), "it is given devices"],
  ["devices", host({ DeviceRequests: [{ Driver: "nvidia" }] }), "it is given devices"],
  ["devices", host({ DeviceCgroupRules: ["c 42:* rmw"] }), "it is given devices"],
  ["ssh", { Path: "/usr/sbin/sshd", Args: ["-D"] }, "it serves SSH"],
  ["ssh", { Path: "sh", Args: ["-c", "exec /usr/sbin/sshd -D"] }, "it serves SSH"],
  ["ssh", published("127.0.0.1", "2222", "22/tcp"), "it serves SSH"],
  ["published-port", published("127.0.0.1", "8000"), "its port 8000 is published at 127.0.0.1:8000"],
  ["privileged-port", published("127.0.0.1", "80"), "its port 8000, 80 on the host, is a privileged one"],
  ["privileged-port", published("127.0.0.1", "8080", "80/tcp"), "its port 80, 8080 on the host, is a privileged one"],
  ["bind-address", published("0.0.0.0", "8000"), "its port 8000 is bound to every address of the host"],
  ["bind-address", published("", "8000"), "its port 8000 is bound to every address of the host"],
  [
    "default-bridge",
    { NetworkSettings: { Ports: {}, Networks: { bridge: { NetworkID: "b", IPAddress: "", Gateway: "" } } } },
    "it is on the default bridge, with containers of others",
  ],
  ["host-network", host({ NetworkMode: "host" }), "it shares the network namespace: host"],
  ["host-network", host({ NetworkMode: "container:2" }), "it shares the network namespace: container:2"],
  ["host-pid", host({ PidMode: "host" }), "it shares the process namespace: host"],
  ["host-ipc", host({ IpcMode: "host" }), "it shares the IPC namespace: host"],
  ["host-ipc", host({ IpcMode: "shareable" }), "others may join its IPC namespace"],
  ["host-uts", host({ UTSMode: "host" }), "it shares the UTS namespace: host"],
  ["host-user-namespace", host({ UsernsMode: "host" }), "it shares the user namespace: host"],
  ["memory", host({ Memory: 0, MemorySwap: 0 }), "its memory has no limit"],
  ["swap", host({ MemorySwap: 2e9 }), "it may swap beyond its memory limit"],
  ["swap", host({ MemorySwap: -1 }), "it may swap beyond its memory limit"],
  ["cpu", host({ NanoCpus: 0 }), "its CPU time has no limit"],
  ["pids", host({ PidsLimit: null }), "its processes have no limit"],
  ["pids", host({ PidsLimit: -1 }), "its processes have no limit"],
  [
    "ulimits",
    host({ Ulimits: [{ Name: "nofile", Hard: 1024, Soft: 1024 }] }),
    "it may leave core dumps, which hold secrets",
  ],
  ["ulimits", host({ Ulimits: [{ Name: "core", Hard: 0, Soft: 0 }] }), "it may open more than 65536 files"],
  ["cgroup-parent", host({ CgroupParent: "/other" }), "it is in the control group /other"],
  [
    "restart-policy",
    host({ RestartPolicy: { Name: "always", MaximumRetryCount: 0 } }),
    "it restarts without end: always",
  ],
  [
    "restart-policy",
    host({ RestartPolicy: { Name: "on-failure", MaximumRetryCount: 0 } }),
    "it restarts without end: on-failure",
  ],
  ["health", config({ Healthcheck: undefined }), "Docker does not check its health"],
  ["health", config({ Healthcheck: { Test: ["NONE"] } }), "Docker does not check its health"],
  ["image", config({ Image: "postgres:17" }), "its image is not a digest: postgres:17"],
];

test("a hardened container is left alone", () => {
  expect(check([GOOD], OFFERED)).toEqual([]);
  expect(found({ ...config({ Image: DIGEST, User: "70" }) })).toEqual([]);
  expect(found(host({ RestartPolicy: { Name: "on-failure", MaximumRetryCount: 5 } }))).toEqual([]);
});

test.each(BAD)("%s: %j", (name, changes, text) => {
  expect(found(changes).filter((finding) => finding.check === name)).toEqual([
    { check: name, container: "shop-prod-api", text },
  ]);
});

test("every check has a container that it finds", () => {
  expect([...new Set(BAD.map(([name]) => name))].sort()).toEqual(Object.keys(CHECKS).sort());
});

test("what the kernel does not offer is not asked for", () => {
  const bare = { ...GOOD, AppArmorProfile: "", ProcessLabel: "" };
  expect(check([bare], { appArmor: false, seLinux: false })).toEqual([]);
});

test("no script asks Docker for an exec with more rights than the container has", () => {
  const scripts = fs
    .readdirSync(COMPONENTS, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(sh|ts)$/.test(file))
    .map((file) => ({ file, text: fs.readFileSync(path.join(COMPONENTS, file), "utf8") }));
  expect(scripts.some(({ text }) => /docker exec/.test(text))).toBe(true);
  const asking = scripts.filter(({ text }) => /docker exec[^|;\n]*(--privileged|-u[ =]?(0|root)\b|--user)/.test(text));
  expect(asking.map(({ file }) => file)).toEqual([]);
});

describe("the exceptions", () => {
  const left = (changes: Partial<Inspected>) => {
    const container = { ...GOOD, ...changes };
    return unexcused(check([container], OFFERED), [container]).map((finding) => finding.check);
  };
  const of = (service: string, stack: string, role = "service") =>
    config({ Labels: { "dockwright.service": service, "dockwright.role": role, "dockwright.stack": stack } });
  const always = host({ RestartPolicy: { Name: "always", MaximumRetryCount: 0 } });

  test.each<[string, Partial<Inspected>]>([
    ["a service restarts", always],
    ["nginx is published", { ...of("nginx", "staging"), ...published("127.0.0.1", "8081", "10080/tcp") }],
    ["nginx of prod serves the world", { ...of("nginx", "prod"), ...published("0.0.0.0", "80", "10080/tcp") }],
    ["postgres of dev is published on loopback", { ...of("postgres", "dev"), ...published("127.0.0.1", "5555") }],
    ["dev reads its source from the host", { ...of("api", "dev"), ...mounted("/home/ada/shop/src") }],
    [
      "a helper that never runs",
      { ...of("api", "prod", "files"), ...host({ ReadonlyRootfs: false, PidsLimit: null }) },
    ],
  ])("%s", (_name, changes) => {
    const helper = changes.Config?.Labels["dockwright.role"] === "files";
    expect(left({ ...changes, ...(helper && { State: { Running: false, Pid: 0, ExitCode: 0 } }) })).toEqual([]);
  });

  test.each<[string, Partial<Inspected>, CheckName[]]>([
    ["a job restarts", { ...of("migrate", "prod", "job"), ...always }, ["restart-policy"]],
    ["another service is published", published("127.0.0.1", "8000"), ["published-port"]],
    [
      "nginx of staging serves the world",
      { ...of("nginx", "staging"), ...published("0.0.0.0", "8081", "10080/tcp") },
      ["bind-address"],
    ],
    [
      "nginx listens below 1024 inside",
      { ...of("nginx", "staging"), ...published("127.0.0.1", "8081", "80/tcp") },
      ["privileged-port"],
    ],
    [
      "postgres of prod is published",
      { ...of("postgres", "prod"), ...published("127.0.0.1", "5555") },
      ["published-port"],
    ],
    [
      "postgres of dev is published to the world",
      { ...of("postgres", "dev"), ...published("0.0.0.0", "5555") },
      ["published-port", "bind-address"],
    ],
    ["prod reads source from the host", mounted("/srv/shop/src"), ["host-mount"]],
    ["dev may write its source", { ...of("api", "dev"), ...mounted("/home/ada/src", { RW: true }) }, ["host-mount"]],
    ["a helper runs", { ...of("api", "prod", "files"), ...host({ PidsLimit: null }) }, ["pids"]],
  ])("do not cover that %s", (_name, changes, checks) => {
    expect(left(changes)).toEqual(checks);
  });
});
