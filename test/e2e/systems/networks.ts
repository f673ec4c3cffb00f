import { hostAddresses, openPorts } from "../support/host-ports";
import { label, publishedPorts } from "../support/inspected";
import { SERVICE_PORTS } from "../support/expectation";
import { Outside } from "../support/outside";
import { declaredMatrix, matrixOf } from "../support/reachability";
import { Survey, surveyAll } from "../support/survey";
import { fromRegistry, Running } from "./running";

const ADDRESSES = ["127.0.0.1", ...hostAddresses()];

/** `address:port` of this host for each of some ports that takes a connection. */
export async function answeringPorts(ports: readonly number[]): Promise<string[]> {
  const open = await Promise.all(ADDRESSES.map((address) => openPorts(address, ports)));
  return open.flatMap((found, index) => found.map((port) => `${ADDRESSES[index] ?? ""}:${port}`));
}

/** Who reaches whom; `taken` gives the ports that others had before there was a stack. */
export function lookAtNetworks(running: Running, taken: () => readonly string[]): void {
  describe("networks", () => {
    let outside: Outside | undefined;
    let surveys: Survey[] = [];

    afterAll(() => outside?.close());

    it("connect services over shared segments alone, and the edge with no store", async () => {
      outside = Outside.missing() === undefined ? await Outside.open() : undefined;
      surveys = await surveyAll(running.all.stacks, outside);
      for (const { stack, listeners, reached } of surveys) {
        const { deployment, expectation } = stack;
        const matrix = matrixOf(reached, listeners);
        expect(matrix).toEqual(declaredMatrix(expectation.segments(deployment.stack), listeners));
        const stores = new RegExp(`^(nginx|dashboard|frontend) → (${expectation.stores.join("|")}):`);
        expect(matrix.filter((line) => stores.test(line))).toEqual([]);
      }
    });

    it("do not lead to the services of other stacks", () => {
      for (const { foreign, reached } of surveys) {
        expect(foreign.length).toBeGreaterThan(0);
        expect(reached.flatMap(({ targets }) => targets.filter((target) => foreign.includes(target)))).toEqual([]);
      }
    });

    const withOutside = Outside.missing() === undefined ? it : it.skip;
    withOutside("lead to other hosts from an open segment alone (needs root and network namespaces)", () => {
      for (const { stack, reached } of surveys) {
        const segments = stack.expectation.segments(stack.deployment.stack);
        const open = stack.expectation.open.flatMap((segment) => segments[segment] ?? []);
        const out = reached
          .filter(({ targets }) => targets.includes(outside?.target ?? ""))
          .map(({ service }) => service);
        expect([...new Set(out)].sort()).toEqual([...new Set(open)].sort());
      }
    });

    fromRegistry("answer on the host by nginx alone in staging and prod", async () => {
      for (const { deployment } of running.all.fromRegistry) {
        const publishing = (await deployment.containers()).filter((each) => publishedPorts(each).length > 0);
        expect(publishing.map((each) => label(each, "service"))).toEqual(["nginx"]);
        const { httpPort, httpsPort, bindAddress } = deployment.get("edge") as Record<string, number | string>;
        const own = [httpPort, httpsPort].filter((port) => port !== undefined).map(Number);
        expect(publishing.flatMap(publishedPorts).map(({ HostPort }) => Number(HostPort))).toEqual(own);
        const at = bindAddress === "0.0.0.0" ? ADDRESSES : ["127.0.0.1"];
        const wanted = at.flatMap((address) => own.map((port) => `${address}:${port}`));
        expect((await answeringPorts(own)).sort()).toEqual(wanted.sort());
      }
      const listening = surveys.flatMap(({ listeners }) => listeners.flatMap(({ ports }) => ports));
      expect(SERVICE_PORTS).toEqual(expect.arrayContaining(listening));
      expect((await answeringPorts(SERVICE_PORTS)).filter((each) => !taken().includes(each))).toEqual([]);
    });
  });
}
