// One server with a data volume, a consumer with a login on it, and a key that data is encrypted with. The test beside
// this folder runs it.
import * as dockwright from "../../../components";
import { readSettings } from "../../../settings";

const { args, docker, images } = readSettings();
const { runtime } = args.nginx;

const platform = new dockwright.DockerEngine("platform", {
  docker,
  filesImage: images.files,
  segments: { data: { internal: true } },
});
const redis = new dockwright.Redis("redis", { platform, segment: "data", ...args.redis });
const encryption = new dockwright.EncryptionKeys("encryption", { generation: 1 });
const consumer = new dockwright.Worker("consumer", {
  ...{ platform, runtime, limit: { cpus: 0.5, memoryMiB: 64 }, image: images.redis, entrypoint: ["sleep", "infinity"] },
  ...{ uses: [redis, encryption], segments: [], health: { kind: "none", settleSeconds: 1 } },
});

export const services = dockwright.describeServices(redis, consumer);
