import { z } from "zod";

import { Check } from "./checks";
import { edgeFragment } from "./edge-fragment";
import { runtimeFragment } from "./fragments";

/** What {@link stopsInTime} looks at. */
export interface StopSettings {
  /** How long a service drains, and when it is killed. */
  readonly runtime: Pick<z.output<ReturnType<typeof runtimeFragment>>, "drainSeconds" | "stopGraceSeconds">;
  /** How long nginx waits for an answer. */
  readonly edge: Pick<z.output<ReturnType<typeof edgeFragment>>, "readTimeoutSeconds">;
}

/**
 * The rule that a service which stops can answer what it has taken: it drains, then the last request may last as long as
 * nginx waits for an answer, and only then may Docker kill it.
 */
export function stopsInTime(): Check<StopSettings> {
  const path = "runtime.stopGraceSeconds";
  return {
    name: "stops in time",
    reads: [path, "runtime.drainSeconds", "edge.readTimeoutSeconds"],
    violations: ({ runtime: { drainSeconds, stopGraceSeconds }, edge: { readTimeoutSeconds } }) => {
      const least = drainSeconds + readTimeoutSeconds;
      if (least <= stopGraceSeconds) return [];
      const parts = `runtime.drainSeconds ${drainSeconds} and edge.readTimeoutSeconds ${readTimeoutSeconds}`;
      const fix = `pulumi config set --path '${path}' ${least}, or lower one of the others`;
      return [{ path, want: `${least} or more, the sum of ${parts}`, fix }];
    },
  };
}
