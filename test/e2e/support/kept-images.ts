import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Pushing compresses every layer, which takes minutes of processor time: so what was pushed is kept between runs. */
const FOLDER = path.join(
  process.env["DOCKWRIGHT_CACHE_DIR"] ??
    path.join(process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache"), "dockwright"),
  "test-registry",
);
const DAYS = 14;
const DIGEST_FILE = "digest";

/** An image as a registry keeps it. */
export interface KeptImage {
  /** Data folder of a registry that has nothing else, under the name `kept`. */
  readonly data: string;
  readonly digest: string;
}

/** Name under which an image is pushed to be kept. */
export const KEPT_NAME = "kept";

/** An image by its id, from the cache or by a push into an empty data folder, which gives its digest. */
export async function keepImage(id: string, push: (data: string) => Promise<string>): Promise<KeptImage> {
  const folder = path.join(FOLDER, id.replace(/^sha256:/, ""));
  if (!fs.existsSync(path.join(folder, DIGEST_FILE))) {
    fs.mkdirSync(FOLDER, { recursive: true });
    forgetUnused();
    const draft = fs.mkdtempSync(path.join(FOLDER, "draft-"));
    fs.writeFileSync(path.join(draft, DIGEST_FILE), await push(path.join(draft, "data")));
    // Another run may have been first.
    if (fs.existsSync(folder)) fs.rmSync(draft, { recursive: true });
    else fs.renameSync(draft, folder);
  }
  fs.utimesSync(folder, new Date(), new Date());
  return { data: path.join(folder, "data"), digest: fs.readFileSync(path.join(folder, DIGEST_FILE), "utf8") };
}

/** Adds a kept image to the data folder of a registry, under a name of its own; no content is copied. */
export function addKeptImage({ data }: KeptImage, registryData: string, name: string): void {
  const of = (root: string, ...rest: string[]) => path.join(root, "docker/registry/v2", ...rest);
  linkAll(of(data, "blobs"), of(registryData, "blobs"));
  linkAll(of(data, "repositories", KEPT_NAME), of(registryData, "repositories", name));
}

/** Images that nobody has used for long, and what a run that was cut off has left. */
function forgetUnused(): void {
  for (const name of fs.readdirSync(FOLDER)) {
    const folder = path.join(FOLDER, name);
    const days = (Date.now() - fs.statSync(folder).mtimeMs) / 86_400_000;
    if (days > (name.startsWith("draft-") ? 1 : DAYS)) fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes links to all files of a folder in another one, in which some may be. */
function linkAll(from: string, to: string): void {
  fs.mkdirSync(to, { recursive: true });
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) linkAll(source, target);
    else if (!fs.existsSync(target)) linkOrCopy(source, target);
  }
}

/** Files of another file system cannot be linked. */
function linkOrCopy(source: string, target: string): void {
  try {
    fs.linkSync(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    fs.copyFileSync(source, target);
  }
}
