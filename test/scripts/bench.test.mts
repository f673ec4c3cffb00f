import assert from "node:assert/strict";
import { test } from "node:test";
import { readArguments, SCENARIOS } from "../../bench/lib/arguments.mts";
import { composeService } from "../../bench/lib/compose-service.mts";
import type { Inspected } from "../../bench/lib/inspected.mts";
import { growthScenario } from "../../bench/lib/growth.mts";
import { Recorder, type Side } from "../../bench/lib/recorder.mts";
import { comparisonTable, growthTable } from "../../bench/lib/report.mts";
import { costPerService, drift, median, minimum } from "../../bench/lib/statistics.mts";
import { markdownTable, plainTable } from "../../bench/lib/table.mts";
import { Interrupted, timed } from "../../bench/lib/timing.mts";
import { UserError } from "../../scripts/lib/run.mts";

async function recorded(samples: readonly [string, Side, number, number?][]): Promise<Recorder> {
  const recorder = new Recorder(() => undefined);
  for (const [scenario, side, wallSeconds, cpuSeconds = 1] of samples) {
    await recorder.measure(scenario, side, Promise.resolve({ wallSeconds, cpuSeconds, output: "" }));
  }
  return recorder;
}

test("median and minimum of odd, even and no samples", () => {
  assert.equal(median([9, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(minimum([3, 1, 2]), 1);
  assert.throws(() => median([]), /no samples/);
  assert.throws(() => minimum([]), /no samples/);
});

test("the cost of one more service, in whatever order the points come", () => {
  const points = [
    { services: 50, value: 60 },
    { services: 9, value: 10 },
    { services: 25, value: 26 },
  ];
  assert.deepEqual(costPerService(points), [1, 1.36]);
  assert.equal(drift(points).toFixed(2), "0.36");
  assert.throws(() => drift(points.slice(0, 2)), /three points/);
});

test("a ratio of medians against its target", async () => {
  const recorder = await recorded([
    ["cold", "compose", 10],
    ["cold", "compose", 30],
    ["cold", "./dev", 26],
    ["unchanged", "floor", 2],
    ["unchanged", "pulumi", 2.7],
    ["preview", "pulumi", 2],
  ]);
  const { rows } = comparisonTable(recorder);
  assert.deepEqual(rows[0], [
    "cold start until all is healthy",
    "compose: 20.00 s (10.00)",
    "./dev: 26.00 s (26.00)",
    ...["1.30", "≤ 1.3", "met"],
  ]);
  assert.deepEqual(rows[1]?.slice(3), ["1.35", "≤ 1.3", "missed"]);
  // A preview without its floor is not compared; processor time has no target.
  assert.deepEqual(
    rows.map(([title]) => title),
    ["cold start until all is healthy", "up, nothing changed", "up, nothing changed: processor time"],
  );
  assert.deepEqual(rows[2]?.slice(3), ["1.00", "", ""]);
});

test("growth: a verdict for ours, and none before all sizes are there", async () => {
  const straight: [string, Side, number][] = [
    [growthScenario("cold", 9), "./dev", 10],
    [growthScenario("cold", 25), "./dev", 26],
  ];
  assert.deepEqual(growthTable(await recorded(straight)).rows, []);
  const { head, rows } = growthTable(await recorded([...straight, [growthScenario("cold", 50), "./dev", 60]]));
  assert.equal(rows[0]?.length, head.length);
  assert.deepEqual(rows[0]?.slice(4), ["1000 ms", "1360 ms", "+36 %", "≤ +20 %", "missed"]);
});

test("tables: aligned for the screen, and Markdown", () => {
  const table = { title: "T", head: ["a", "long head"], rows: [["a|b", "1"]] };
  assert.equal(plainTable(table), "T\n  a    long head\n  a|b  1");
  assert.equal(markdownTable(table), "## T\n\n| a | long head |\n| --- | --- |\n| a\\|b | 1 |");
});

test("arguments: everything by default, and all mistakes at once", () => {
  assert.deepEqual([...readArguments([]).wanted], [...SCENARIOS]);
  assert.deepEqual(readArguments(["--only", "cold", "--runs", "3"]), { wanted: new Set(["cold"]), runs: 3 });
  assert.throws(
    () => readArguments(["--only", "warm", "--runs", "0"]),
    (error) => error instanceof UserError && /got warm[^]*got 0/.test(error.message),
  );
  assert.throws(() => readArguments(["--fast"]), UserError);
});

test("a command's processor time is read, and taken out of its output", async () => {
  const { cpuSeconds, wallSeconds, output } = await timed({
    what: "a loop",
    command: ["bash", "-c", "echo said; for ((i = 0; i < 200000; i++)); do :; done"],
  });
  assert.equal(output.trim(), "said");
  assert.ok(cpuSeconds > 0 && wallSeconds > 0);
});

test("a command that fails is an error with its last words; one that is aborted is gone", async () => {
  await assert.rejects(timed({ what: "it", command: ["bash", "-c", "echo why; exit 3"] }), (error) => {
    return error instanceof UserError && error.message === "it failed with code 3" && error.hints.includes("why");
  });
  const stop = new AbortController();
  const running = timed({ what: "it", command: ["sleep", "60"] }, stop.signal);
  setTimeout(() => stop.abort(), 200);
  await assert.rejects(running, Interrupted);
});

test("a container becomes a service of a Compose file", () => {
  const service = composeService(container, { network: () => "data", imageEnvironment: ["PATH=/bin"] });
  assert.deepEqual(service.environment, { URL_FILE: "/run/secrets/database/URL", PRICE: "$$5" });
  assert.deepEqual(service.secrets, [{ source: "URL", target: "/run/secrets/database/URL" }]);
  assert.deepEqual(service.volumes, ["postgres-data:/data"]);
  assert.deepEqual(service["ports"], ["127.0.0.1:8080:80/tcp"]);
  assert.deepEqual(service.networks, { data: null });
  assert.equal(service["mem_limit"], 64);
  assert.equal(service["cpus"], 0.5);
  assert.deepEqual(service.healthcheck, {
    test: ["CMD-SHELL", "test $$(date) "],
    interval: "5s",
    timeout: "5s",
    start_period: "30s",
    retries: 3,
  });
});

const container: Inspected = {
  Id: "1",
  Image: "sha256:1",
  Config: {
    User: "999:999",
    Env: ["PATH=/bin", "URL_FILE=/run/secrets/database/URL", "PRICE=$5"],
    Entrypoint: null,
    Cmd: ["postgres"],
    Labels: {},
    Healthcheck: {
      Test: ["CMD-SHELL", "test $(date) "],
      Interval: 5e9,
      Timeout: 5e9,
      StartPeriod: 30e9,
      Retries: 3,
    },
  },
  HostConfig: {
    NanoCpus: 5e8,
    Memory: 64,
    MemorySwap: 64,
    ShmSize: 64,
    ReadonlyRootfs: true,
    CapDrop: ["ALL"],
    SecurityOpt: null,
    LogConfig: { Type: "json-file", Config: {} },
    RestartPolicy: { Name: "always" },
    PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "8080" }] },
  },
  Mounts: [
    { Name: "p-dev-postgres-data", Destination: "/data", RW: true },
    { Name: "p-dev-postgres-config-1", Destination: "/etc/dockwright", RW: false },
  ],
  NetworkSettings: { Networks: { "p-dev-platform-data-123456": {} } },
};
