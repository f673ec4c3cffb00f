import * as pulumi from "@pulumi/pulumi";

import { contentHash } from "../../components/platform/files";
import { SecretFiles, secretFiles } from "../../components/secrets/secret-files";
import { engine } from "../support/fixtures";
import { graph } from "../support/harness";

// Not marked as secrets: they become that here, whoever made them.
const database = { credential: "database", files: { DATABASE_URL: "postgres://u:p@h/d" }, revision: "abcd" };
const cache = { credential: "cache", files: { CACHE_URL: "redis://h" }, revision: "ef" };

test("all bindings become one read-only volume with a file for each variable", async () => {
  let files: SecretFiles | undefined;
  let volume: string | undefined;
  const result = await graph({}, () => {
    const platform = engine();
    files = secretFiles(platform, { service: "api", user: "10001:10001", parent: platform }, [
      { ...database, dependsOn: [platform.provider] },
      cache,
    ]);
    pulumi.output(files.mounts[0]?.volume).apply((name) => (volume = name));
  });

  expect(files?.files).toEqual({ DATABASE_URL: "/run/secrets/DATABASE_URL", CACHE_URL: "/run/secrets/CACHE_URL" });
  expect(files?.mounts).toMatchObject([{ path: "/run/secrets", readOnly: true }]);
  expect(volume).toBe(`lunch-bot-dev-api-secrets-${contentHash("abcd,ef")}`);
  const upload = { content: "[secret]", owner: "10001", group: "10001", permissions: "0400" };
  expect(result.container("api-secrets-files").uploads).toEqual([
    { file: "/files/DATABASE_URL", ...upload },
    { file: "/files/CACHE_URL", ...upload },
  ]);
  // What a credential waits for holds the volume back too.
  expect(result.get(":Volume", "api-secrets-volume").options.dependsOn).toEqual(["docker platform-provider"]);
});

test("without bindings there is no volume", async () => {
  const result = await graph({}, () => {
    const platform = engine();
    const consumer = { service: "api", user: "10001:10001", parent: platform };
    expect(secretFiles(platform, consumer, [])).toEqual({ files: {}, mounts: [], ready: [] });
  });
  expect(result.ofType(":Volume")).toEqual([]);
});
