// `docker pull` of several images at once, with progress by layers. The CLI is asked rather than the daemon, so that
// its contexts, config.json and credential helpers hold.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { capture } from "../run.mts";
import { type NamedImage, shortName } from "./reference.mts";

const PROGRESS_MS = 5_000;
const LIMIT_MS = 60 * 60_000;

export interface Pulled {
  readonly image: NamedImage;
  /** Why it failed, in Docker's words; empty when it is there. */
  readonly words: string;
}

interface Progress {
  readonly layers: Set<string>;
  readonly done: Set<string>;
}

/** Those that the daemon does not have: one question when it has all. */
export function absent(images: readonly NamedImage[]): NamedImage[] {
  const has = (...references: string[]): boolean =>
    capture("docker", ["image", "inspect", "--format", "{{.Id}}", ...references]).status === 0;
  if (images.length === 0 || has(...images.map(({ reference }) => reference))) return [];
  return images.filter(({ reference }) => !has(reference));
}

function readLine(line: string, { layers, done }: Progress): void {
  const [, layer = "", state = ""] = /^([0-9a-f]{12}): (.*)$/.exec(line.trim()) ?? [];
  if (layer) layers.add(layer);
  if (state === "Pull complete" || state === "Already exists") done.add(layer);
}

function pull(image: NamedImage, progress: Progress): Promise<Pulled> {
  return new Promise((resolve) => {
    const child = spawn("docker", ["pull", image.reference], { stdio: ["ignore", "pipe", "pipe"], timeout: LIMIT_MS });
    let words = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (words += text));
    createInterface(child.stdout).on("line", (line) => readLine(line, progress));
    child.once("error", (error) => resolve({ image, words: error.message }));
    child.once("close", (code, signal) => {
      if (signal) words += `\nended by ${signal}: docker pull gets at most ${LIMIT_MS / 60_000} minutes`;
      resolve({ image, words: code === 0 ? "" : words.trim() || `docker pull ended with code ${code}` });
    });
  });
}

/** Pulls all at once; says what is still under way every few seconds, and each that has arrived. */
export async function pullAll(images: readonly NamedImage[], say: (line: string) => void): Promise<Pulled[]> {
  const start = Date.now();
  const underWay = new Map<NamedImage, Progress>();
  const ticker = setInterval(() => {
    const parts = [...underWay].map(([image, { layers, done }]) => `${shortName(image)} ${done.size}/${layers.size}`);
    say(`still pulling, layers done: ${parts.join(", ")}`);
  }, PROGRESS_MS);
  const one = async (image: NamedImage): Promise<Pulled> => {
    const progress = { layers: new Set<string>(), done: new Set<string>() };
    underWay.set(image, progress);
    const pulled = await pull(image, progress);
    underWay.delete(image);
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    say(`${shortName(image)}: ${pulled.words ? "cannot be pulled" : `pulled in ${seconds} s`}`);
    return pulled;
  };
  try {
    return await Promise.all(images.map(one));
  } finally {
    clearInterval(ticker);
  }
}

interface Manifest {
  readonly manifests?: readonly { readonly platform?: { readonly os: string; readonly architecture: string } }[];
}

/** What the registry says an index is made for; nothing where it does not tell. */
export function platformsOf(reference: string): string[] {
  // Without --insecure a registry on this machine is asked over TLS only; with it, others are, too.
  const local = /^(127\.0\.0\.1|localhost)(:|\/)/.test(reference) ? ["--insecure"] : [];
  const { status, stdout } = capture("docker", ["manifest", "inspect", ...local, reference]);
  if (status !== 0) return [];
  try {
    const { manifests = [] } = JSON.parse(stdout) as Manifest;
    const names = manifests.flatMap(({ platform }) => (platform ? [`${platform.os}/${platform.architecture}`] : []));
    return [...new Set(names)].filter((name) => name !== "unknown/unknown").sort();
  } catch {
    return [];
  }
}
