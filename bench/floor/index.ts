// One resource of each provider that the library uses: below this no program can get with the same engine.
import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as random from "@pulumi/random";

const provider = new docker.Provider("provider", { disableDockerDaemonCheck: true });
export const volume = new docker.Volume("volume", { name: "dockwright-bench-floor" }, { provider }).name;
export const id = new random.RandomId("id", { byteLength: 4 }).hex;
export const said = new command.local.Command("command", { create: "true", logging: command.local.Logging.None })
  .stdout;
