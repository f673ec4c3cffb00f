import { DockerEngine } from "../../components";
import { Login, LoginServer } from "../../components/secrets/login";
import { engine, QUIET } from "../support/fixtures";
import { graph, hexOf } from "../support/harness";

const server = (platform: DockerEngine): LoginServer => ({
  platform,
  credential: "database",
  userPrefix: "owner",
  applyScript: "apply",
  revokeScript: "revoke",
  environment: { CONTAINER: "db", NETWORK: platform.networkName("data") },
  ready: [platform.provider],
});

const login = (generation: number) =>
  graph({}, () => new Login("my-api-database", { server: server(engine()), service: "my-api", generation }));

test("a login is a name, a password and an act that makes it and takes it back", async () => {
  const result = await login(1);
  expect(result.childrenOf("Login my-api-database")).toEqual([
    "Command my-api-database-login",
    "RandomId my-api-database-id",
    "RandomPassword my-api-database-password",
  ]);
  const hex = hexOf("my-api-database-id", { generation: "1" });
  const { inputs, revealed, options } = result.get(":Command", "my-api-database-login");
  expect(inputs).toEqual({
    ...QUIET,
    delete: 'sh -c "$REVOKE_SCRIPT"',
    environment: {
      SCRIPT: "apply",
      REVOKE_SCRIPT: "revoke",
      CONTAINER: "db",
      NETWORK: "platform-data-auto",
      LOGIN: `owner_my_api_${hex}`,
    },
    stdin: "[secret]",
    triggers: [hex],
  });
  expect(revealed.stdin).toBe("pw-my-api-database-password\n");
  expect(options.deleteBeforeReplace).toBe(false);
  expect(options.dependsOn).toContain("docker platform-provider");
});

test("name and password are kept by the generation alone, and carry no protection that would bar a rotation", async () => {
  const result = await login(7);
  const keepers = { generation: "7" };
  const id = result.get(":RandomId", "my-api-database-id");
  const password = result.get(":RandomPassword", "my-api-database-password");
  expect(id.inputs).toEqual({ byteLength: 4, keepers });
  expect(password.inputs).toEqual({ length: 32, special: false, keepers });
  expect([id.options.protect, password.options.protect]).toEqual([undefined, undefined]);
});

test("a new generation is a new name: the old one stays valid until it is revoked", async () => {
  const name = async (generation: number) =>
    (await login(generation)).get(":Command", "my-api-database-login").inputs.environment.LOGIN as string;
  const names = [await name(1), await name(2), await name(1)];
  expect(names[0]).not.toBe(names[1]);
  expect(names[2]).toBe(names[0]);
});
