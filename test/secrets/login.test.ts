import * as pulumi from "@pulumi/pulumi";

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
  listScript: "list",
  environment: { CONTAINER: "db", NETWORK: platform.networkName("data") },
  containers: [platform.provider],
  ready: [platform.provider],
});

const login = (generation: number) =>
  graph({}, () => new Login("my-api-database", { server: server(engine()), service: "my-api", generation }));

test("a login is a name, a password and an act that makes it and takes it back", async () => {
  const result = await login(1);
  expect(result.childrenOf("Login my-api-database")).toEqual([
    "Command my-api-database-login",
    "RandomPassword my-api-database-secret",
  ]);
  const hex = hexOf("my-api-database-secret", { generation: "1" });
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
      LIST_SCRIPT: "list",
    },
    stdin: "[secret]",
    triggers: [hex],
  });
  expect(revealed.stdin).toBe("pw-my-api-database-secret\n");
  expect(options.deleteBeforeReplace).toBe(false);
  expect(options.dependsOn).toContain("docker platform-provider");
});

test("name and password are kept by the generation alone, and carry no protection that would bar a rotation", async () => {
  const result = await login(7);
  const keepers = { generation: "7" };
  const { inputs, options } = result.get(":RandomPassword", "my-api-database-secret");
  expect(inputs).toEqual({ length: 40, special: false, upper: false, keepers });
  expect(options.protect).toBeUndefined();
});

test("a new generation is a new name: the old one stays valid until it is revoked", async () => {
  const name = async (generation: number) =>
    (await login(generation)).get(":Command", "my-api-database-login").inputs.environment.LOGIN as string;
  const names = [await name(1), await name(2), await name(1)];
  expect(names[0]).not.toBe(names[1]);
  expect(names[2]).toBe(names[0]);
});

test("a consumer that starts without its login still goes before the login is taken back", async () => {
  let order: Login["order"] | undefined;
  const result = await graph({}, () => {
    const args = { server: server(engine()), service: "my-api", generation: 1, startsWithout: true };
    order = new Login("my-api-database", args).order;
  });
  expect(result.childrenOf("Login my-api-database")).toEqual([
    "Command my-api-database-login",
    "Command my-api-database-revocation",
    "RandomPassword my-api-database-secret",
  ]);
  const login = result.get(":Command", "my-api-database-login").inputs;
  const revocation = result.get(":Command", "my-api-database-revocation").inputs;
  expect([login.environment.SCRIPT, login.delete, login.environment.REVOKE_SCRIPT]).toEqual([
    "apply",
    undefined,
    undefined,
  ]);
  expect([revocation.environment.SCRIPT, revocation.environment.REVOKE_SCRIPT]).toEqual([":", "revoke"]);
  // Both tell what `./dev` needs to know the login by.
  for (const name of ["LOGIN", "LIST_SCRIPT"]) {
    expect([name, revocation.environment[name]]).toEqual([name, login.environment[name]]);
  }
  expect(revocation.triggers).toEqual(login.triggers);
  expect(revocation.stdin).toBeUndefined();
  const names = (resources: readonly pulumi.Resource[] | undefined) =>
    Promise.all((resources ?? []).map(({ urn }) => new Promise((resolve) => urn.apply(resolve))));
  expect(await names(order?.dependsOn)).toEqual([expect.stringContaining("my-api-database-revocation")]);
  expect(await names(order?.beforeGate)).toEqual([expect.stringContaining("my-api-database-login")]);
});

test("a server may want more than a name and a password", async () => {
  const result = await graph({}, () => {
    const parametersOf: LoginServer["parametersOf"] = (username) => ({
      REQUEST: username.apply((name) => `<${name}>`),
    });
    const standardInput = (username: string, password: string) => `${username} ${password}`;
    const special = { ...server(engine()), parametersOf, standardInput };
    return new Login("my-api-database", { server: special, service: "my-api", generation: 1 });
  });
  const { inputs, revealed } = result.get(":Command", "my-api-database-login");
  const user = inputs.environment.LOGIN as string;
  expect(inputs.environment.REQUEST).toBe(`<${user}>`);
  expect(inputs.stdin).toBe("[secret]");
  expect(revealed.stdin).toBe(`${user} pw-my-api-database-secret`);
});
