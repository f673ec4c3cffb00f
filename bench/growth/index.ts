// As many workers as the setting `services` says. Each touches its heartbeat file, and does nothing else.
import * as pulumi from "@pulumi/pulumi";

import * as dockwright from "../../components";

const images = dockwright.resolveImages(["files"], { local: true });
const platform = new dockwright.DockerEngine("platform", {
  docker: {},
  filesImage: images.files,
  segments: { work: { internal: true } },
});

const BEAT = "trap 'exit 0' TERM; while :; do touch /tmp/heartbeat; sleep 5 & wait $!; done";
const workers = Array.from(
  { length: new pulumi.Config().requireNumber("services") },
  (_, index) =>
    new dockwright.Worker(`worker-${String(index + 1).padStart(2, "0")}`, {
      platform,
      image: images.files,
      entrypoint: ["sh", "-c", BEAT],
      segments: ["work"],
      limit: { cpus: 0.1, memoryMiB: 32 },
      runtime: { restart: "unless-stopped", healthIntervalSeconds: 5 },
    }),
);

export const services = dockwright.describeServices(...workers);
