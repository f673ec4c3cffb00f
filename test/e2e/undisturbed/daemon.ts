import { restartDockerDaemon } from "../support/daemon";
import { expectationOf } from "../support/expectation";
import { label } from "../support/inspected";
import { LoadedStack } from "../support/load/loaded-stack";
import { ProjectCopy } from "../support/project";
import { eventually } from "../support/run";
import { SYSTEMS } from "../../support/systems";

const HEALTHY_SECONDS = 120;

/** The daemon is restarted under running stacks; only continuous integration may do that to a machine. */
export function healAfterDaemonRestart(stackOf: (project: string) => LoadedStack, copyOf: () => ProjectCopy): void {
  const restartDaemon = process.env.CI === "true" && process.getuid?.() === 0 ? it : it.skip;

  restartDaemon("both heal by themselves when the daemon is restarted, with their data", async () => {
    const stacks = SYSTEMS.map((system) => ({
      deployment: stackOf(system.project).deployment,
      expectation: expectationOf(system),
    }));
    const known = await Promise.all(stacks.map(({ deployment, expectation }) => expectation.use(deployment.origin)));
    await restartDockerDaemon(copyOf());
    for (const [index, { deployment, expectation }] of stacks.entries()) {
      const services = await eventually(`${deployment.name} to be healthy`, HEALTHY_SECONDS, async () => {
        const all = await deployment.containers("service");
        return all.every(({ State }) => State.Health?.Status === "healthy") ? all : undefined;
      });
      expect(services.map((each) => label(each, "service")).sort()).toEqual(expectation.services);
      await eventually("an answer through nginx", 20, async () =>
        (await expectation.health(deployment.origin)) === 200 ? true : undefined,
      );
      expect(await known[index]?.()).toBe(true);
      await expectation.use(deployment.origin);
      await deployment.expectNoChanges();
    }
  });
}
