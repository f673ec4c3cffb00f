// The stack's images: on the daemon already, or how `up` would get them.
import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { readIfThere } from "../files.mts";
import { type ImageFact, imageFacts, judgeArchitectures } from "./architecture.mts";
import { ask } from "./ask.mts";
import type { Daemon } from "./daemon.mts";
import { type Finding, missing, note, ok } from "./finding.mts";

export interface ImagesArgs {
  readonly root: string;
  readonly projectDir: string;
  readonly cache: string;
  /** Made on this machine rather than named by digest. */
  readonly local: boolean;
  /** Those that the settings name. */
  readonly named: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

export function onPath(command: string, env: NodeJS.ProcessEnv): boolean {
  return (env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function readMap(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readIfThere(file) ?? "{}") as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** The ids in what `./dev images` wrote. */
export function localImages(projectDir: string): string[] {
  const values = Object.values(readMap(join(projectDir, ".dockwright", "images.json")));
  return [
    ...new Set(values.filter((value): value is string => typeof value === "string" && value.startsWith("sha256:"))),
  ];
}

async function registryAnswers(): Promise<boolean> {
  const url = "https://index.docker.io/v1/";
  const { stdout } = await ask("curl", ["-s", "-o", "/dev/null", "-m", "1.5", "-w", "%{http_code}", url], 2_000);
  return /^(2..|3..|401|404)$/.test(stdout);
}

/** Whether the root file system of the stand-ins can be had: made before, or by mmdebstrap, which root may install. */
function canMakeBase(cache: string, env: NodeJS.ProcessEnv): boolean {
  const install = process.getuid?.() === 0 && onPath("apt-get", env);
  if (onPath("mmdebstrap", env) || install) return true;
  try {
    return readdirSync(join(cache, "images")).some((file) => /^base-.*\.tar$/.test(file));
  } catch {
    return false;
  }
}

async function howToMake({ projectDir, cache, env }: ImagesArgs): Promise<Finding> {
  const recorded = readMap(join(projectDir, ".dockwright", "base-images.json"))["mode"];
  const chosen = env["DOCKWRIGHT_IMAGES"] || recorded;
  const mode = chosen ?? ((await registryAnswers()) ? "official" : "stand-in");
  if (mode === "official") return note("Images", "local images", "not all there: up pulls and builds them");
  if (mode !== "stand-in") {
    return missing("Images", "DOCKWRIGHT_IMAGES", `want official or stand-in, got ${String(mode)}`, "unset it");
  }
  if (canMakeBase(cache, env))
    return note("Images", "local images", "not all there: up builds stand-ins from Debian packages");
  const text = "want mmdebstrap to build stand-in images (no container registry answers), got none";
  const fix = "Debian, Ubuntu: sudo apt-get install mmdebstrap; or reach a registry and set DOCKWRIGHT_IMAGES=official";
  return missing("Images", "mmdebstrap", text, fix);
}

function judgeNamed(named: readonly string[], facts: readonly ImageFact[]): Finding[] {
  const there = facts.length;
  if (there === named.length) return [ok("Images", "images", `all ${named.length} by digest are on the daemon`)];
  return [note("Images", "images", `${there} of ${named.length} are on the daemon: up pulls the others`)];
}

export async function judgeImages(args: ImagesArgs, daemon: Daemon | undefined): Promise<Finding[]> {
  const ids = args.local ? localImages(args.projectDir) : [];
  const facts = daemon ? await imageFacts([...ids, ...args.named]) : [];
  const found = daemon ? judgeArchitectures(facts, daemon) : [];
  if (args.local) {
    const all = ids.length > 0 && ids.every((id) => facts.some(({ reference }) => reference === id));
    found.unshift(all ? ok("Images", "local images", `all ${ids.length} are on the daemon`) : await howToMake(args));
  }
  return args.named.length > 0 && daemon
    ? [
        ...judgeNamed(
          args.named,
          facts.filter(({ reference }) => args.named.includes(reference)),
        ),
        ...found,
      ]
    : found;
}
