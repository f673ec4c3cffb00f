// References to images: which setting names which, and which registry holds them.
import { isTree, type Tree } from "../merge.mts";

/** An image by digest, and every setting that names it, as `lunch-bot:images.app`. */
export interface NamedImage {
  readonly reference: string;
  readonly paths: readonly string[];
}

/** Also safe as a word of a shell command. */
const IMAGE = /^[\w.][\w./:-]*@sha256:[0-9a-f]{64}$/;

/** The images that `images` of a stack's settings names by digest; local ones stand elsewhere. */
export function imagesOf(settings: Tree, project: string): NamedImage[] {
  const byReference = new Map<string, string[]>();
  for (const [name, value] of Object.entries(isTree(settings["images"]) ? settings["images"] : {})) {
    if (typeof value !== "string" || !IMAGE.test(value)) continue;
    byReference.set(value, [...(byReference.get(value) ?? []), `${project}:images.${name}`]);
  }
  return [...byReference].map(([reference, paths]) => ({ reference, paths }));
}

/** The registry as `docker login` takes it; Docker Hub where the reference names none. */
export function registryOf(reference: string): string {
  const first = reference.includes("/") ? (reference.split("/")[0] ?? "") : "";
  return /[.:]|^localhost$/.test(first) ? first : "docker.io";
}

/** The last word of the setting, for short lines: `app`. */
export function shortName({ paths: [path = ""] }: NamedImage): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
