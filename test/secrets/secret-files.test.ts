import * as pulumi from "@pulumi/pulumi";

import { Binding } from "../../components";
import { SecretFiles, secretFiles } from "../../components/secrets/secret-files";
import { engine } from "../support/fixtures";
import { graph } from "../support/harness";

// Not marked as secrets: they become that here, whoever made them.
const database = { credential: "database", files: { DATABASE_URL: "postgres://u:p@h/d" } };
const cache = { credential: "cache", files: { CACHE_URL: "redis://h" } };

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
  expect(volume).toMatch(/^lunch-bot-dev-api-secrets-[0-9a-f]{8}$/);
  const upload = { content: "[secret]", owner: "10001", group: "10001", permissions: "0400" };
  expect(result.container("api-secrets-files").uploads).toEqual([
    { file: "/files/DATABASE_URL", ...upload },
    { file: "/files/CACHE_URL", ...upload },
  ]);
  // What a credential waits for holds the volume back too.
  expect(result.get(":Volume", "api-secrets-volume").options.dependsOn).toContain("docker platform-provider");
});

test("without bindings there is no volume", async () => {
  const result = await graph({}, () => {
    const platform = engine();
    const consumer = { service: "api", user: "10001:10001", parent: platform };
    expect(secretFiles(platform, consumer, [])).toEqual({ files: {}, mounts: [], ready: [] });
  });
  expect(result.ofType(":Volume")).toEqual([]);
});

/** The volume of a consumer of a cache and of what is given. */
async function volumeOf(changed: Partial<Binding>, user = "10001:10001"): Promise<string> {
  const bindings = [{ ...database, ...changed }, cache];
  const result = await graph({}, () => {
    const platform = engine();
    secretFiles(platform, { service: "api", user, parent: platform }, bindings);
  });
  return result.get(":Volume", "api-secrets-volume").inputs.name as string;
}

test("whatever changes on the volume is another volume, and so a replacement of its consumer", async () => {
  const before = await volumeOf({});
  expect(await volumeOf({})).toBe(before);
  const after = [
    await volumeOf({ files: { DATABASE_URL: "postgresql+asyncpg://u:p@h/d" } }),
    await volumeOf({ files: { DATABASE_URI: "postgres://u:p@h/d" } }),
    await volumeOf({ files: { DATABASE_URL: pulumi.secret("postgres://v:p@h/d") } }),
    await volumeOf({}, "70:70"),
  ];
  expect(new Set([before, ...after]).size).toBe(5);
});

test("the name of the volume is shown, and follows from a secret of the stack", async () => {
  const name = async (result: string) => {
    const outputs = { "platform-revisions": { result: pulumi.secret(result) } };
    const { get } = await graph({ outputs }, () => {
      const platform = engine();
      secretFiles(platform, { service: "api", user: "1:1", parent: platform }, [database]);
    }).then((made) => ({ get: made.get.bind(made) }));
    return get(":Volume", "api-secrets-volume").inputs.name as string;
  };
  expect(await name("one")).not.toBe("[secret]");
  expect(await name("one")).not.toBe(await name("two"));
});
