import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { succeed } from "../support/run";

const ROOT = path.join(__dirname, "../../..");

/** By id: the servers of these tests, and the application, whose image holds the drivers. */
export interface Images {
  readonly redis: string;
  readonly nats: string;
  readonly kafka: string;
  readonly app: string;
}

export async function isolationImages(): Promise<Images> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "isolation-images-"));
  const file = path.join(folder, "images.json");
  await succeed("bash", [path.join(ROOT, "images/ensure.sh"), file, "files", "redis", "nats", "kafka", "node"]);
  const { images } = JSON.parse(fs.readFileSync(file, "utf8")) as { images: Record<string, string> };
  const build = `
    context=$1/examples/sample-app
    arguments=$("$2" "$1/scripts/images.mts" build-args "$3" "$context") || exit
    . "$1/images/build-lib.sh"
    build_image sample-app "$context" $arguments | tail -n 1`;
  const app = (await succeed("bash", ["-c", build, "build", ROOT, process.execPath, file])).trim();
  fs.rmSync(folder, { recursive: true });
  return { redis: images["redis"] ?? "", nats: images["nats"] ?? "", kafka: images["kafka"] ?? "", app };
}
