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
const DRAFT = "draft-";

/** Where a registry keeps its content, in its data folder. */
const REGISTRY = "docker/registry/v2";

/** A part of an image, as its manifest names it. */
interface Blob {
  readonly digest: string;
  readonly size: number;
}

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
  fs.mkdirSync(FOLDER, { recursive: true });
  forgetUnused();
  const kept = readKept(folder) ?? (await keepPushed(folder, push));
  fs.utimesSync(folder, new Date(), new Date());
  return kept;
}

/** A kept image; nothing where there is none, or not all of it. */
function readKept(folder: string): KeptImage | undefined {
  const data = path.join(folder, "data");
  const digest = readIfThere(path.join(folder, DIGEST_FILE)) ?? "";
  const [, hex = ""] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? [];
  const manifest = readIfThere(path.join(data, REGISTRY, "blobs/sha256", hex.slice(0, 2), hex, "data"));
  if (manifest === undefined) return undefined;
  const { config, layers } = JSON.parse(manifest) as { config: Blob; layers: readonly Blob[] };
  const isThere = ({ digest: blob, size }: Blob) => {
    const file = path.join(data, REGISTRY, "blobs/sha256", blob.slice(7, 9), blob.slice(7), "data");
    return fs.existsSync(file) && fs.statSync(file).size === size;
  };
  return [config, ...layers].every(isThere) ? { data, digest } : undefined;
}

async function keepPushed(folder: string, push: (data: string) => Promise<string>): Promise<KeptImage> {
  const draft = fs.mkdtempSync(path.join(FOLDER, DRAFT));
  try {
    fs.writeFileSync(path.join(draft, DIGEST_FILE), await push(path.join(draft, "data")));
    // What is there is not whole, or another run was first.
    if (readKept(folder) === undefined) {
      remove(folder);
      fs.renameSync(draft, folder);
    }
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
  const kept = readKept(folder);
  if (!kept) throw new Error(`${folder} does not hold what was pushed`);
  return kept;
}

/** Adds a kept image to the data folder of a registry, under a name of its own; no content is copied. */
export function addKeptImage({ data }: KeptImage, registryData: string, name: string): void {
  const of = (root: string, ...rest: string[]) => path.join(root, REGISTRY, ...rest);
  linkAll(of(data, "blobs"), of(registryData, "blobs"));
  linkAll(of(data, "repositories", KEPT_NAME), of(registryData, "repositories", name));
}

/** Images that nobody has used for long, and what a run that was cut off has left. */
function forgetUnused(): void {
  for (const name of fs.readdirSync(FOLDER)) {
    const folder = path.join(FOLDER, name);
    const usedAt = fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs; // another run may have removed it
    const days = (Date.now() - (usedAt ?? Date.now())) / 86_400_000;
    if (days > (name.startsWith(DRAFT) ? 1 : DAYS)) remove(folder);
  }
}

/** Removes a kept image so that at no moment a part of it counts as all. */
function remove(folder: string): void {
  if (!fs.existsSync(folder)) return;
  const doomed = path.join(FOLDER, `${DRAFT}${path.basename(folder)}-${process.pid}`);
  fs.renameSync(folder, doomed);
  fs.rmSync(doomed, { recursive: true, force: true });
}

function readIfThere(file: string): string | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
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
