// The program that the README shows does what the README says.
import * as fs from "node:fs";
import * as path from "node:path";

import * as components from "../components";
import { graph } from "./support/harness";
import { ROOT, runProgram } from "./support/stacks";

const README = fs.readFileSync(path.join(ROOT, "README.md"), "utf8");

test("its example is a whole program: a database, a migration, an API with a login of its own, and the edge", async () => {
  const program = /```ts\n(.*?)```/s.exec(README)?.[1] ?? "";
  const result = await graph({ project: "shop" }, () => {
    runProgram(program, { dockwright: components });
  });
  expect(
    result.nodes
      .filter(({ type }) => type.startsWith("dockwright:"))
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["backend", "backend-database", "migrate", "migrate-database", "nginx", "platform", "postgres"]);
  const services = result.nodes.filter(({ type, inputs }) => type.endsWith(":Container") && inputs.healthcheck);
  expect(services.map(({ name }) => name).sort()).toEqual([
    "backend-container",
    "nginx-container",
    "postgres-container",
  ]);
  expect(result.container("backend-container").envs).toContain("DATABASE_URL_FILE=/run/secrets/DATABASE_URL");
});

test("the folders and files it names exist", () => {
  const named = [...README.matchAll(/^\| `([^`]+)`.*\|$/gm)].map(([, name]) => name ?? "");
  const paths = named.filter((name) => /^[\w.-]+(\/[\w.-]+)*\/$/.test(name));
  expect(paths.length).toBeGreaterThanOrEqual(5);
  expect(paths.filter((name) => !fs.existsSync(path.join(ROOT, name)))).toEqual([]);
});
