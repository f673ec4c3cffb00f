import { load, roundsOf } from "../../settings/system-cases";
import { drawn } from "../../support/draw";
import { fromRegistry, Running } from "./running";

/** Wrong values of prod are refused, and whatever runs stays as it is. */
export function setWrongValues(running: Running): void {
  describe("wrong values", () => {
    fromRegistry("of prod are refused by name", async () => {
      const before = await running.runningIds();
      const floating = "registry.example.com/shop/app:1.4";
      for (const { deployment } of running.all.of("prod")) {
        const siblings = running.all.of("staging").map((other) => other.deployment);
        const port = String(siblings.find(({ system }) => system === deployment.system)?.get("edge.httpPort"));
        const cases: [Record<string, unknown>, RegExp][] = [
          [{ "images.app": floating }, new RegExp(`images\\.app: .*${floating.replaceAll(".", "\\.")}`)],
          [{ "edge.httpPort": Number(port) }, new RegExp(`edge\\.httpPort: .*${port}.*staging`)],
          [{ "limits.nginx.memoryMiB": 50_000_000 }, /limits\.nginx\.memoryMiB: .*(50000000|47.7 TiB|48828)/],
        ];
        for (const [values, message] of cases) {
          const restore = deployment.set(values);
          const { code, output } = await deployment.dev(["up", "prod"]);
          restore();
          expect(`${code}\n${output}`).toMatch(/^[1-9]/);
          expect(output).toMatch(message);
        }
      }
      expect(await running.runningIds()).toEqual(before);
    });

    fromRegistry("are refused almost whatever they are, many at a time", async () => {
      const before = await running.runningIds();
      for (const { deployment } of running.all.of("prod")) {
        const rounds = roundsOf(deployment.system, await load(deployment.system));
        const together = rounds.filter((round) => round.messages.length > 1);
        for (const { set, messages } of drawn("bad input on running stacks", together)) {
          const restore = deployment.set(set);
          const { code, output } = await deployment.dev(["pulumi", "up", "--yes", "--skip-preview", "--stack", "prod"]);
          restore();
          expect(code).not.toBe(0);
          expect(messages.filter((message) => !output.includes(message.split("\n")[0] ?? ""))).toEqual([]);
        }
      }
      expect(await running.runningIds()).toEqual(before);
    });
  });
}
