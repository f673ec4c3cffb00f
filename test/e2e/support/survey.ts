import { Expected } from "./all-stacks";
import { Inspected, label } from "./inspected";
import { Outside } from "./outside";
import { Listener, listenersOf, probe, Reached, targetsOf } from "./reachability";

/** What was found out about the network of one stack. */
export interface Survey {
  readonly stack: Expected;
  /** Where its services listen. */
  readonly listeners: readonly Listener[];
  /** What each of its services reaches. */
  readonly reached: readonly Reached[];
  /** Addresses of other stacks' services that it tried, by those of its services that get furthest. */
  readonly foreign: readonly string[];
}

/** Tries from every service of every stack to reach what listens in its stack, in the others, and on another host. */
export async function surveyAll(stacks: readonly Expected[], outside: Outside | undefined): Promise<Survey[]> {
  const begun = [];
  for (const stack of stacks) {
    const containers = await stack.deployment.containers();
    const services = containers.filter((container) => label(container, "role") === "service");
    const image = containers.find((container) => label(container, "role") === "files")?.Config.Image ?? "";
    begun.push({ stack, services, image, listeners: await listenersOf(services, image) });
  }
  const surveys: Survey[] = [];
  for (const { stack, services, image, listeners } of begun) {
    const foreign = begun.filter((other) => other.stack !== stack).flatMap((other) => targetsOf(other.listeners));
    const furthest = furthestOf(stack);
    const targetsFor = (container: Inspected) => [
      ...targetsOf(listeners),
      ...(outside ? [outside.target] : []),
      ...(furthest.includes(label(container, "service")) ? foreign : []),
    ];
    surveys.push({ stack, listeners, foreign, reached: await probe(services, targetsFor, image) });
  }
  return surveys;
}

/** One service of each segment that has a way out of the host: from the others no packet gets further. */
function furthestOf({ deployment, expectation }: Expected): string[] {
  const segments = expectation.segments(deployment.stack);
  return expectation.open.flatMap((segment) => segments[segment]?.slice(0, 1) ?? []);
}
