import { resolveImages } from "../../components";
import { inFolderWithImages } from "../support/stacks";

const NAMES = ["app", "files"] as const;
const local = { app: "sha256:a", files: "sha256:f", nginxVersion: "1.30.6" };

test("what the configuration names wins over what the machine has built", async () => {
  await inFolderWithImages(local, () => {
    expect(resolveImages(NAMES, { local: true, app: "app@sha256:1" })).toEqual({ ...local, app: "app@sha256:1" });
    return Promise.resolve();
  });
});

test("without `local` the file is never read", async () => {
  const settings = { app: "app@sha256:1", files: "files@sha256:2", nginxVersion: "1.29.0" };
  await inFolderWithImages(local, () => {
    expect(resolveImages(NAMES, { local: false, ...settings })).toEqual(settings);
    return Promise.resolve();
  });
});

test.each([
  ["a file that lacks names", { app: "sha256:a" }, "files, nginxVersion"],
  ["no file at all", undefined, "app, files, nginxVersion"],
])("%s: says which are missing and what makes them", async (_what, images, missing) => {
  await inFolderWithImages(images, () => {
    expect(() => resolveImages(NAMES, { local: true })).toThrow(
      `images: .dockwright/images.json has no ${missing}\n    fix: run ./dev images, or set images.<name>`,
    );
    return Promise.resolve();
  });
});
