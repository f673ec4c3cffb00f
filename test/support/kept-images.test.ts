import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const ID = `sha256:${"a".repeat(64)}`;
const [DIGEST, LAYER] = ["b", "c"].map((letter) => `sha256:${letter.repeat(64)}`) as [string, string];
const MANIFEST = JSON.stringify({ config: { digest: LAYER, size: 5 }, layers: [{ digest: LAYER, size: 5 }] });

describe("images that are kept as a registry has them", () => {
  let folder: string;
  let kept: typeof import("../e2e/support/kept-images");

  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  };
  const blob = (data: string, digest: string) =>
    path.join(data, "docker/registry/v2/blobs/sha256", digest.slice(7, 9), digest.slice(7), "data");
  const push = jest.fn((data: string) => {
    write(blob(data, DIGEST), MANIFEST);
    write(blob(data, LAYER), "layer");
    write(path.join(data, "docker/registry/v2/repositories/kept/_manifests/link"), DIGEST);
    return Promise.resolve(DIGEST);
  });

  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "kept-images-"));
    process.env["DOCKWRIGHT_CACHE_DIR"] = folder;
    jest.resetModules();
    push.mockClear();
    kept = await import("../e2e/support/kept-images");
  });
  afterEach(() => {
    delete process.env["DOCKWRIGHT_CACHE_DIR"];
    fs.rmSync(folder, { recursive: true });
  });

  const cached = () => fs.readdirSync(path.join(folder, "test-registry")).sort();

  test("are pushed once", async () => {
    const first = await kept.keepImage(ID, push);
    expect(first.digest).toBe(DIGEST);
    expect(await kept.keepImage(ID, push)).toEqual(first);
    expect(push).toHaveBeenCalledTimes(1);
    expect(cached()).toEqual(["a".repeat(64)]);
  });

  test("leave nothing that counts when their push fails", async () => {
    await expect(kept.keepImage(ID, () => Promise.reject(new Error("no room")))).rejects.toThrow("no room");
    expect(cached()).toEqual([]);
    expect((await kept.keepImage(ID, push)).digest).toBe(DIGEST);
  });

  test.each([
    ["its digest", "digest"],
    ["its data", "data"],
    ["a layer", `data/docker/registry/v2/blobs/sha256/cc/${LAYER.slice(7)}/data`],
  ])("are pushed again when %s is gone", async (_what, part) => {
    await kept.keepImage(ID, push);
    fs.rmSync(path.join(folder, "test-registry", "a".repeat(64), part), { recursive: true });
    expect((await kept.keepImage(ID, push)).digest).toBe(DIGEST);
    expect(push).toHaveBeenCalledTimes(2);
    expect(cached()).toEqual(["a".repeat(64)]);
  });

  test("that are pushed twice at once are kept once", async () => {
    const both = await Promise.all([kept.keepImage(ID, push), kept.keepImage(ID, push)]);
    expect(both[0]).toEqual(both[1]);
    expect(cached()).toEqual(["a".repeat(64)]);
  });

  test("are added to a registry under its own name, beside what it has", async () => {
    const data = path.join(folder, "data");
    write(blob(data, `sha256:${"d".repeat(64)}`), "another");
    write(blob(data, LAYER), "layer");
    kept.addKeptImage(await kept.keepImage(ID, push), data, "images/app");
    const top = path.join(data, "docker/registry/v2");
    expect(fs.readdirSync(path.join(top, "blobs/sha256")).sort()).toEqual(["bb", "cc", "dd"]);
    expect(fs.readFileSync(path.join(top, "repositories/images/app/_manifests/link"), "utf8")).toBe(DIGEST);
  });

  test("go when nobody has used them for two weeks, with what a push that was cut off has left", async () => {
    const old = path.join(folder, "test-registry", "c".repeat(64));
    const draft = path.join(folder, "test-registry", "draft-1");
    const young = path.join(folder, "test-registry", "draft-2");
    for (const each of [old, draft, young]) fs.mkdirSync(each, { recursive: true });
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
    fs.utimesSync(old, daysAgo(15), daysAgo(15));
    fs.utimesSync(draft, daysAgo(2), daysAgo(2));
    await kept.keepImage(ID, push);
    expect(cached()).toEqual(["a".repeat(64), "draft-2"]);
  });
});
