import { Exemptions, JobSpec, ServiceSpec } from "./service-spec";
import type { ServiceTransforms } from "./service-resources";

const NO_HEALTH_CHECK = {
  outsideCommand: "checked once, from outside, before it gets work; after that Docker knows only whether it runs",
  settleSeconds: "not checked; Docker knows only whether it runs",
};

/** What of the platform's rules does not hold for a service or a job, and what holds instead. */
export function exemptionsOf(
  spec: ServiceSpec | JobSpec,
  { transform }: { readonly transform?: ServiceTransforms | undefined },
): Exemptions {
  const executable = spec.tmpfs.filter((mount) => mount.executable).map(({ path }) => path);
  const folders = spec.mounts.flatMap((mount) => ("hostPath" in mount ? mount.path : []));
  return {
    ...spec.exemptions,
    ...("health" in spec && healthExemption(spec.health)),
    ...(executable.length > 0 && { "noexec-memory-filesystems": `files may be executed in ${executable.join(", ")}` }),
    ...(folders.length > 0 && { "no-host-folders": `read-only folders of the host at ${folders.join(", ")}` }),
    ...(transform?.container && { untransformed: "the program edits its container as it likes" }),
  };
}

function healthExemption(health: ServiceSpec["health"]): Exemptions {
  if ("command" in health) return {};
  const reason = NO_HEALTH_CHECK["settleSeconds" in health ? "settleSeconds" : "outsideCommand"];
  return { "docker-health-check": reason };
}
