import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { drawn } from "../../support/draw";
import { succeed } from "../support/run";

const ROOT = path.join(__dirname, "../../..");

interface Made {
  readonly mode: string;
  readonly images: Record<string, string>;
  readonly references: Record<string, string>;
  readonly versions: Record<string, string>;
}

/** Which of them a run tests. */
export const DRAWN_IMAGES = drawn("images of nginx", ["nginx", "older"] as const);

/** The images of these tests, by id: the nginx that systems run, an older one, and Node for the service behind them. */
export async function edgeImages(): Promise<{ nginx: string; version: string; older: string; node: string }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "edge-images-"));
  const file = path.join(folder, "images.json");
  await succeed("bash", [path.join(ROOT, "images/ensure.sh"), file, "files", "nginx", "node"]);
  const made = JSON.parse(fs.readFileSync(file, "utf8")) as Made;
  fs.rmSync(folder, { recursive: true });
  const base = made.mode === "official" ? "debian:trixie-slim" : (made.references.files ?? "");
  const build = '. "$1/images/build-lib.sh" && build_image nginx-older "$1/test/e2e/nginx/older" BASE="$2"';
  const older = (await succeed("bash", ["-c", build, "build", ROOT, base])).trim();
  return { nginx: made.images.nginx ?? "", version: made.versions.nginx ?? "", older, node: made.images.node ?? "" };
}
