import * as pulumi from "@pulumi/pulumi";

import { Binding, Consumer, DockerEngine, Postgres } from "../../components";
import { MonitoringArgs } from "../../components/services/postgres";
import { hexOf } from "../support/harness";
import { bound, loginParameters, POSTGRES_LOGIN_SCRIPTS, ROLES_SCRIPT, serverArgs } from "../support/services";

/** Binds `my-api` to what watches a server, and to the server itself where the test asks. */
function monitored(args?: MonitoringArgs, alsoData = false) {
  return bound((platform: DockerEngine) => {
    const common = { ...serverArgs(platform), database: "shop", owner: "shop_owner", generation: 4 };
    const postgres = new Postgres("postgres", common);
    if (alsoData) postgres.bind({ service: "my-api", parent: platform });
    const watched = postgres.monitoring(args);
    return Object.assign(postgres, { bind: (consumer: Consumer) => watched.bind(consumer) });
  });
}

test("what watches the server gets address, name and password in files of their own, on the server's segment", async () => {
  const { binding, files } = await monitored();
  expect(files).toEqual({
    DATA_SOURCE_URI: "postgres:5432/postgres?sslmode=disable",
    DATA_SOURCE_USER: `shop_owner_my_api_${hexOf("my-api-monitoring-secret", { generation: "1" })}`,
    DATA_SOURCE_PASS: "pw-my-api-monitoring-secret",
  });
  expect(binding).toMatchObject({ credential: "monitoring", segment: "data" });
  expect(Object.keys(binding)).not.toContain("environment");
});

test("it is a member of PostgreSQL's own role for that, and of nobody's who owns data", async () => {
  const { result, files } = await monitored();
  const { inputs, options } = result.get(":Command", "my-api-monitoring-login");
  expect(inputs).toMatchObject({
    delete: 'sh -c "$REVOKE_SCRIPT"',
    environment: {
      ...POSTGRES_LOGIN_SCRIPTS,
      ...loginParameters("postgres", "999:999"),
      ...{ DATABASE: "postgres", OWNER: "shop_owner", ROLE: "pg_monitor" },
      LOGIN: files.DATA_SOURCE_USER,
    },
    stdin: "[secret]",
  });
  expect(options.dependsOn).toContain("Command postgres-gate");
  expect(ROLES_SCRIPT).toContain('GRANT CONNECT ON DATABASE :"database", postgres TO pg_monitor;');
});

test("its generation is its own, not that of the logins that reach the data", async () => {
  const { result } = await monitored({ generation: 2 }, true);
  const keepers = (name: string) => result.get(":RandomPassword", name).inputs.keepers as unknown;
  expect(keepers("my-api-monitoring-secret")).toEqual({ generation: "2" });
  expect(keepers("my-api-database-secret")).toEqual({ generation: "4" });
  const role = (name: string) => result.get(":Command", name).inputs.environment.ROLE as unknown;
  expect([role("my-api-monitoring-login"), role("my-api-database-login")]).toEqual(["pg_monitor", "shop_owner"]);
});

test("its files come after the server accepted it", async () => {
  const order = async (generation: number) => {
    const { binding } = await monitored({ generation });
    return names(binding.dependsOn);
  };
  expect(await order(1)).toEqual([expect.stringContaining("my-api-monitoring-login")]);
});

function value(input: pulumi.Input<string>): Promise<string> {
  return new Promise((resolve) => pulumi.output(input).apply(resolve));
}

function names(resources: Binding["dependsOn"] = []): Promise<string[]> {
  return Promise.all(resources.map(({ urn }) => value(urn)));
}
