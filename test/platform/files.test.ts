import * as pulumi from "@pulumi/pulumi";

import { configVolume, contentHash, filledVolume } from "../../components/platform/files";
import { engine, FILES_IMAGE, HARDENED, labels } from "../support/fixtures";
import { graph, hexOf } from "../support/harness";

// Uploads need a root filesystem that can be written.
const HARDENED_HELPER: Partial<typeof HARDENED> = { ...HARDENED };
delete HARDENED_HELPER.readOnly;

const helper = {
  ...HARDENED_HELPER,
  image: FILES_IMAGE,
  command: ["true"],
  start: false,
  mustRun: false,
  restart: "no",
  networkMode: "none",
  labels: labels("api", "files"),
  cpus: "0.1",
  memory: 16,
  memorySwap: 16,
};

test("a secret volume is named anew for each revision, and filled by a container that never runs", async () => {
  const result = await graph({}, () => {
    const platform = engine();
    filledVolume(
      platform,
      "api-database",
      {
        service: "api",
        purpose: "database",
        role: "secret",
        files: [{ name: "URL", content: pulumi.secret("postgres://…") }],
        owner: "10001:10002",
        permissions: "0400",
        revision: "abcd",
      },
      { parent: platform },
    );
  });
  const volume = result.get(":Volume", "api-database-volume");
  const name = `lunch-bot-dev-api-database-${hexOf("api-database-volume-id", { revision: "abcd" })}`;
  expect(result.get(":RandomId", "api-database-volume-id").inputs).toEqual({
    byteLength: 4,
    keepers: { revision: "abcd" },
  });
  expect(volume.inputs).toEqual({ name, labels: labels("api", "secret") });
  expect(volume.options).toEqual({
    deleteBeforeReplace: false,
    dependsOn: ["Command platform-stack-id", "RandomId api-database-volume-id"],
    ignoreChanges: ["labels"],
    provider: "docker platform-provider",
  });

  const files = result.get(":Container", "api-database-files");
  expect(files.inputs).toEqual({
    ...helper,
    volumes: [{ volumeName: name, containerPath: "/files" }],
    uploads: [{ file: "/files/URL", content: "[secret]", owner: "10001", group: "10002", permissions: "0400" }],
  });
  expect(files.options).toMatchObject({
    deleteBeforeReplace: false,
    dependsOn: ["Command platform-stack-id", "Volume api-database-volume"],
  });
});

describe("a configuration volume", () => {
  const volume = async (files: Record<string, string>) =>
    (await graph({}, () => configVolume(engine(), "api", "api", files, {}))).get(":Volume", "api-volume").inputs;

  test("is readable by everybody and named anew for each content", async () => {
    const files = { "a.conf": "x" };
    const result = await graph({}, () => configVolume(engine(), "api", "api", files, {}));
    const keepers = { revision: contentHash(JSON.stringify(files)) };
    const name = `lunch-bot-dev-api-config-${hexOf("api-volume-id", keepers)}`;
    expect(result.get(":Volume", "api-volume").inputs).toEqual({ name, labels: labels("api", "config") });
    expect(result.container("api-files")).toEqual({
      ...helper,
      volumes: [{ volumeName: name, containerPath: "/files" }],
      uploads: [{ file: "/files/a.conf", content: "x", owner: "0", group: "0", permissions: "0444" }],
    });
  });

  test("has another name for other content and other file names only", async () => {
    const one = await volume({ a: "x" });
    expect(await volume({ a: "x" })).toEqual(one);
    expect(await volume({ a: "y" })).not.toEqual(one);
    expect(await volume({ b: "x" })).not.toEqual(one);
  });
});
