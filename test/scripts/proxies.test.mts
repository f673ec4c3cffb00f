import assert from "node:assert/strict";
import { test } from "node:test";
import { holds, judgeProxies, type Network, parseNetwork } from "../../scripts/lib/doctor/proxies.mts";

const OWN = { project: "shop", stack: "prod" };
const network = (gateway: string, stack = OWN): Network =>
  parseNetwork(`${stack.project}-public\t${stack.project}\t${stack.stack}\tfalse\t${gateway} `);
const internal = parseNetwork("shop-calls\tshop\tprod\ttrue\t172.19.0.1 ");
const bridge = parseNetwork("bridge\t\t\tfalse\t172.17.0.1 fd00::1 ");

const judge = (edge: object, ...networks: Network[]): string[] =>
  judgeProxies({ edge }, networks, OWN).map(({ mark, name, text }) => `${mark} ${name}: ${text}`);

test("a line of docker network inspect", () => {
  assert.deepEqual(bridge, { name: "bridge", project: "", stack: "", internal: false, gateways: ["172.17.0.1"] });
});

test("ranges", () => {
  assert.ok(holds("172.16.0.0/12", "172.31.0.1"));
  assert.ok(!holds("172.16.0.0/12", "192.168.160.1"));
  assert.ok(holds("203.0.113.7/32", "203.0.113.7"));
  assert.ok(!holds("203.0.113.7/32", "203.0.113.8"));
});

test("the host can be trusted where it has an address, or will have one", () => {
  const edge = { trustedProxies: ["host"] };
  assert.deepEqual(judge(edge, bridge), []);
  assert.deepEqual(judge(edge, bridge, internal, network("192.168.160.1")), []);
  assert.deepEqual(judge(edge, internal, network("")), [
    "missing edge.trustedProxies: want a network on which the host has an address, got none on shop-public",
  ]);
});

test("a range without the gateway trusts nobody who comes by the host", () => {
  const edge = { trustedProxies: ["172.16.0.0/12"] };
  const gone =
    "missing edge.trustedProxies: want host, since on 127.0.0.1 every request comes from Docker's gateway 192.168.160.1, " +
    "got 172.16.0.0/12";
  assert.deepEqual(judge(edge, internal, network("192.168.160.1")), [gone]);
  assert.deepEqual(judge({ ...edge, bindAddress: "0.0.0.0" }, network("192.168.160.1")), []);
});

test("a range with Docker's gateway trusts more than a proxy", () => {
  const other = network("172.20.0.1", { project: "news", stack: "prod" });
  assert.deepEqual(judge({ trustedProxies: ["172.16.0.0/12", "10.0.0.0/8"], bindAddress: "0.0.0.0" }, other), [
    "note edge.trustedProxies: 172.16.0.0/12 has Docker's own gateway 172.20.0.1, from where others come, too",
  ]);
});

test("without trusted proxies there is nothing to say", () => {
  assert.deepEqual(judge({}, bridge), []);
});
