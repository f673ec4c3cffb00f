import { exemptionsOf } from "../../components/platform/exemptions";
import { ServiceSpec } from "../../components/platform/service-spec";
import { IMAGE } from "../support/fixtures";

const spec: ServiceSpec = {
  ...{ service: "api", image: IMAGE, user: "10001:10001", environment: {}, limit: { cpus: 1, memoryMiB: 64 } },
  ...{ mounts: [{ volume: "data", path: "/data", readOnly: false }], tmpfs: [{ path: "/tmp", sizeMiB: 8 }] },
  ...{ networks: [], stop: { graceSeconds: 30 }, restart: "always", update: "start-first" },
  health: { command: "true", intervalSeconds: 10, startPeriodSeconds: 30 },
};

test("a service as the platform wants it has none", () => {
  expect(exemptionsOf(spec, {})).toEqual({});
  expect(exemptionsOf(spec, { transform: {} })).toEqual({});
});

test.each<[string, Partial<ServiceSpec>, object]>([
  [
    "a check from outside",
    { health: { outsideCommand: "true", gateTimeoutSeconds: 60 } },
    {
      "docker-health-check":
        "checked once, from outside, before it gets work; after that Docker knows only whether it runs",
    },
  ],
  [
    "no check",
    { health: { settleSeconds: 5 } },
    { "docker-health-check": "not checked; Docker knows only whether it runs" },
  ],
  [
    "memory filesystems with programs",
    { tmpfs: [{ path: "/tmp", sizeMiB: 8, executable: true }] },
    { "noexec-memory-filesystems": "files may be executed in /tmp" },
  ],
  [
    "folders of the host",
    { mounts: [{ hostPath: "/home/ada/src", path: "/app/src" }] },
    { "no-host-folders": "read-only folders of the host at /app/src" },
  ],
  ["what its component says", { exemptions: { "secrets-as-files": "why" } }, { "secrets-as-files": "why" }],
])("says so of %s", (_what, changes, expected) => {
  expect(exemptionsOf({ ...spec, ...changes }, {})).toEqual(expected);
});

test("says so of a container that the program edits", () => {
  const transform = { container: () => undefined };
  expect(exemptionsOf(spec, { transform })).toEqual({ untransformed: "the program edits its container as it likes" });
});
