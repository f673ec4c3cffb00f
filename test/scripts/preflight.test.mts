import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, type Inspected, nameServices } from "../../scripts/lib/health.mts";
import { describePublisher, isOwn, parseListener, parsePublisher, publishes } from "../../scripts/lib/ports.mts";
import { missingPassphrase, setting } from "../../scripts/lib/project.mts";

test("published ports, single and as ranges", () => {
  const ports = "127.0.0.1:8080->80/tcp, :::9000-9002->9000-9002/tcp, 5432/tcp, 0.0.0.0:53->53/udp";
  assert.deepEqual(
    [80, 8080, 9000, 9002, 9003, 5432, 53].map((port) => publishes(ports, port)),
    [false, true, true, true, false, false, false],
  );
  assert.equal(publishes("", 80), false);
});

test("a publisher is told by name and project", () => {
  const publisher = parsePublisher("web\t0.0.0.0:80->80/tcp\tshop\tdev");
  assert.equal(describePublisher(publisher), "container web of project shop, stack dev");
  assert.equal(describePublisher(parsePublisher("web\t\t\t")), "container web");
  assert.equal(isOwn(publisher, { project: "shop", stack: "dev" }), true);
  assert.equal(isOwn(publisher, { project: "shop", stack: "prod" }), false);
});

test("the listener in the words of ss and of lsof", () => {
  const ss = 'LISTEN 0 5 127.0.0.1:8080 0.0.0.0:* users:(("python3",pid=77,fd=3))';
  assert.equal(parseListener(ss), "python3 (pid 77)");
  assert.equal(parseListener("p77\nf3\ncPython\n"), "Python (pid 77)");
  assert.equal(parseListener(""), undefined);
});

function container(status: string, health?: string): Inspected {
  return {
    Id: "1",
    Name: "/c",
    Config: { Labels: { "dockwright.service": "backend" } },
    State: { Status: status, ExitCode: 3, ...(health ? { Health: { Status: health } } : {}) },
  };
}

test("what Docker says becomes a verdict", () => {
  const verdict = (...args: Parameters<typeof container>) => {
    const { word, ok, bad } = judge(container(...args));
    return [word, ok, bad];
  };
  assert.deepEqual(verdict("running", "healthy"), ["healthy", true, false]);
  assert.deepEqual(verdict("running", "starting"), ["starting", false, false]);
  assert.deepEqual(verdict("running", "unhealthy"), ["unhealthy", false, true]);
  assert.deepEqual(verdict("running"), ["running, no health check", true, false]);
  assert.deepEqual(verdict("exited", "unhealthy"), ["exited with code 3", false, true]);
  assert.deepEqual(verdict("restarting", "starting"), ["restarting", false, true]);
  assert.deepEqual(verdict("created"), ["created", false, false]);
});

test("services are named once, with their number", () => {
  const verdicts = [container("running", "starting"), container("running", "starting")].map(judge);
  assert.equal(nameServices(verdicts), "backend (2)");
});

test("settings come from the project's own namespace", () => {
  const config = { config: { "shop:edge": { httpPort: 80 }, "other:edge": { httpPort: 1 } } };
  assert.equal(setting(config, "shop", "edge", "httpPort"), 80);
  assert.equal(setting(config, "shop", "docker", "host"), undefined);
  assert.equal(setting({}, "shop", "edge", "httpPort"), undefined);
});

test("a passphrase is asked for only where one is used and none is given", () => {
  const file = "file:///state";
  assert.equal(missingPassphrase({}, file, {}), true);
  assert.equal(missingPassphrase({}, file, { PULUMI_CONFIG_PASSPHRASE: "" }), false);
  assert.equal(missingPassphrase({}, file, { PULUMI_CONFIG_PASSPHRASE_FILE: "/f" }), false);
  assert.equal(missingPassphrase({ secretsprovider: "awskms://alias/x" }, file, {}), false);
  assert.equal(missingPassphrase({}, "https://api.pulumi.com", {}), false);
  assert.equal(missingPassphrase({ encryptionsalt: "v1:" }, "https://api.pulumi.com", {}), true);
});
