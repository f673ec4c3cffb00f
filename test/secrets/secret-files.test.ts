import * as pulumi from "@pulumi/pulumi";

import { SecretFiles, secretFiles } from "../../components/secrets/secret-files";
import { engine } from "../support/fixtures";
import { graph } from "../support/harness";

test("a binding becomes a read-only volume of its own and a variable per file", async () => {
  let files: SecretFiles | undefined;
  let volume: string | undefined;
  const result = await graph({}, () => {
    const platform = engine();
    files = secretFiles(
      platform,
      { service: "api", user: "10001:10001", parent: platform },
      {
        credential: "database",
        // Not marked as a secret: it becomes one here, whoever made it.
        files: { DATABASE_URL: "postgres://u:p@h/d" },
        revision: "abcd",
        dependsOn: [platform.provider],
      },
    );
    pulumi.output(files.mount.volume).apply((name) => (volume = name));
  });

  expect(files?.environment).toEqual({ DATABASE_URL_FILE: "/run/secrets/database/DATABASE_URL" });
  expect(files?.mount).toMatchObject({ path: "/run/secrets/database", readOnly: true });
  expect(volume).toBe("lunch-bot-dev-api-database-abcd");
  expect(result.container("api-database-files").uploads).toEqual([
    { file: "/files/DATABASE_URL", content: "[secret]", owner: "10001", group: "10001", permissions: "0400" },
  ]);
  // What the credential waits for holds its volume back too.
  expect(result.get(":Volume", "api-database-volume").options.dependsOn).toEqual(["docker platform-provider"]);
});
