// Images of another processor than the daemon's: they are pulled or built without a word, and then do not start.
import { ask } from "./ask.mts";
import type { Daemon } from "./daemon.mts";
import { type Finding, missing, note } from "./finding.mts";

/** An image that the daemon has. */
export interface ImageFact {
  readonly reference: string;
  readonly os: string;
  readonly architecture: string;
}

interface Inspected {
  readonly Id: string;
  readonly Os: string;
  readonly Architecture: string;
  readonly RepoTags?: readonly string[] | null;
  readonly RepoDigests?: readonly string[] | null;
}

function answersTo(image: Inspected, reference: string): boolean {
  const digest = reference.split("@")[1];
  const names = [image.Id, ...(image.RepoTags ?? []), ...(image.RepoDigests ?? [])];
  return names.includes(reference) || (digest !== undefined && names.some((name) => name.endsWith(`@${digest}`)));
}

/** Those of the references that the daemon has. */
export async function imageFacts(references: readonly string[]): Promise<ImageFact[]> {
  if (references.length === 0) return [];
  const { stdout } = await ask("docker", ["image", "inspect", ...references]); // complains of those it does not have
  const images = JSON.parse(stdout.trim() || "[]") as Inspected[];
  return references.flatMap((reference) => {
    const image = images.find((candidate) => answersTo(candidate, reference));
    return image ? [{ reference, os: image.Os, architecture: image.Architecture }] : [];
  });
}

/** Docker Desktop and OrbStack run other processors' images by emulation. */
function emulates({ system }: Daemon): boolean {
  return /Docker Desktop|OrbStack/.test(system);
}

/** Processors that run another's programs by themselves. */
const ALSO: Readonly<Record<string, string>> = { amd64: "386", arm64: "arm" };

function runs({ os, architecture }: ImageFact, daemon: Daemon): boolean {
  if (architecture === "") return true; // an index whose manifests are not told apart
  return os === daemon.os && [daemon.architecture, ALSO[daemon.architecture]].includes(architecture);
}

export function judgeArchitectures(images: readonly ImageFact[], daemon: Daemon): Finding[] {
  return images
    .filter((image) => !runs(image, daemon))
    .map(({ reference, os, architecture }) => {
      const [name, want, got] = [`image ${reference}`, `${daemon.os}/${daemon.architecture}`, `${os}/${architecture}`];
      if (emulates(daemon)) {
        return note("Images", name, `is for ${got}: it runs emulated, and slowly, on ${want}`, `use one for ${want}`);
      }
      const fix = `unset DOCKER_DEFAULT_PLATFORM, docker image rm ${reference}, and run this again`;
      return missing("Images", name, `want ${want}, as Docker's host is, got ${got}`, fix);
    });
}
