import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { FastifyInstance } from "fastify";

/** The static files of one page under names that change with their content, so that they may be cached for ever. */
const types = {
  "app.js": "text/javascript; charset=utf-8",
  "style.css": "text/css; charset=utf-8",
  "icon.svg": "image/svg+xml",
} as const;

type AssetName = keyof typeof types;

/** Where the browser finds each file. */
export type AssetPaths = Readonly<Record<AssetName, string>>;

/** The folder of one page's files. */
export const publicFolder = (page: string): URL => new URL(`../public/${page}/`, import.meta.url);

interface Asset {
  readonly modifiedMs: number;
  readonly path: string;
  readonly content: Buffer;
}

const names = Object.keys(types) as AssetName[];

/** A file is read again when it was saved, which only ever happens where the source is mounted. */
export class Assets {
  readonly #folder: URL;
  readonly #read = new Map<AssetName, Asset>();

  /** @param folder with a slash at its end */
  constructor(folder: URL) {
    this.#folder = folder;
  }

  async paths(): Promise<AssetPaths> {
    const entries = names.map(async (name) => [name, (await this.#current(name)).path] as const);
    return Object.fromEntries(await Promise.all(entries)) as unknown as AssetPaths;
  }

  /** The file of this path, unless its content is another by now: an old name must never get cached with it. */
  async find(path: string): Promise<{ type: string; content: Buffer } | undefined> {
    for (const name of names) {
      const asset = await this.#current(name);
      if (asset.path === path) return { type: types[name], content: asset.content };
    }
    return undefined;
  }

  async #current(name: AssetName): Promise<Asset> {
    const file = new URL(name, this.#folder);
    const { mtimeMs: modifiedMs } = await stat(file);
    const known = this.#read.get(name);
    if (known?.modifiedMs === modifiedMs) return known;
    const content = await readFile(file);
    const asset = { modifiedMs, path: hashedPath(name, content), content };
    this.#read.set(name, asset);
    return asset;
  }
}

export function hashedPath(name: string, content: Uint8Array): string {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  return `/assets/${name.replace(".", `.${hash}.`)}`;
}

/** `/assets/…`. How long a browser may keep what it got is for the edge to say; from here it asks each time. */
export function addAssets(app: FastifyInstance, assets: Assets): void {
  app.get<{ Params: { name: string } }>("/assets/:name", async (request, reply) => {
    const asset = await assets.find(`/assets/${request.params.name}`);
    if (!asset) return reply.code(404).header("cache-control", "no-store").send({ error: "not found" });
    return reply.type(asset.type).header("cache-control", "no-cache").send(asset.content);
  });
}
