import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { Backend, HttpServiceArgs, Migration } from "../../components";
import { exportingEntrypoint } from "../../components/services/secret-environment";
import { engine, IMAGE, LIMIT, RUNTIME } from "../support/fixtures";
import { failing, graph } from "../support/harness";
import { ready } from "../support/services";

const program = (changes: Partial<HttpServiceArgs>) => () =>
  new Backend("api", {
    ...{ platform: engine(), image: IMAGE, limit: LIMIT, runtime: RUNTIME, port: 80, readinessPath: "/ready" },
    ...{ uses: [ready(), ready({ credential: "database", files: { DATABASE_URL: "u:pw@h", DATABASE_CA: "ca" } })] },
    ...{ entrypoint: ["serve"], ...changes },
  });

test("a shell reads the files into variables and becomes the image's own entrypoint", async () => {
  const secretsAsEnvironment = { DB: "${DATABASE_URL}?ssl=off" };
  const result = await graph({}, program({ secretsAsEnvironment, command: ["--port", "80"] }));
  const { entrypoints, command, envs } = result.container("api-container");
  const [sh, flag, script, ...rest] = entrypoints as string[];
  expect([sh, flag, ...rest]).toEqual(["sh", "-c", "sh", "serve"]);
  expect(script).toMatch(
    /^set -e; secret_DATABASE_URL=\$\(cat '\/run\/secrets\/[\w/]*DATABASE_URL' && echo \.\); secret_DATABASE_URL=\$\{secret_DATABASE_URL%\?\}; export DB="\$secret_DATABASE_URL"'\?ssl=off'; exec "\$@"$/,
  );
  expect(command).toEqual(["--port", "80"]);
  // What travels otherwise is not announced as a file: some images refuse to be told both.
  const announced = (envs as string[]).map((entry) => entry.split("=")[0]);
  expect(announced).toEqual(["DATABASE_CA_FILE", "PORT", "TOKEN_FILE"]);
});

test("Docker is told no value", async () => {
  const { nodes } = await graph({}, program({ secretsAsEnvironment: { DB: "${DATABASE_URL}" } }));
  const written = nodes.map(({ inputs }) => JSON.stringify(inputs)).join();
  expect(written).toContain("secret_DATABASE_URL");
  expect(written).not.toContain("u:pw@h");
});

test("a job can be given its secrets the same way", async () => {
  const result = await graph({}, () => {
    const args = { platform: engine(), image: IMAGE, limit: LIMIT, uses: [ready()], entrypoint: ["flyway"] };
    return new Migration("migrate", { ...args, secretsAsEnvironment: { FLYWAY_PASSWORD: "${TOKEN}" } });
  });
  expect(result.container("migrate-container").entrypoints.at(-1)).toBe("flyway");
});

describe("what the shell makes of templates", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "dockwright-secret-"))));
  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  /** Runs an entrypoint for real; it prints one variable. */
  function value(template: string, secrets: Record<string, string>): string {
    const files = Object.entries(secrets).map(([name, secret]) => {
      const file = path.join(folder, `${name} it's`);
      fs.writeFileSync(file, secret);
      return [name, file] as const;
    });
    const entrypoint = exportingEntrypoint({ MADE: template }, Object.fromEntries(files), ["printenv"]);
    return execFileSync(entrypoint[0] ?? "", [...entrypoint.slice(1), "MADE"], {
      encoding: "utf8",
      stdio: "pipe",
    }).replace(/\n$/, "");
  }

  const nasty = `a'b"c$d\`e\\f $(id) \${HOME} *`;
  test.each<[string, Record<string, string>, string]>([
    ["${A}", { A: "x" }, "x"],
    ["${A}", { A: nasty }, nasty],
    ["${A}", { A: "two\nlines" }, "two\nlines"],
    ["postgres://${A}:${B}@h/${A}", { A: "u", B: "p" }, "postgres://u:p@h/u"],
    ['it\'s $$5 "and" `id` ${A}!', { A: "x" }, 'it\'s $5 "and" `id` x!'],
    ["$${A}${A}", { A: "x" }, "${A}x"],
  ])("%s with %j", (template, secrets, expected) => {
    expect(value(template, secrets)).toBe(expected);
  });

  test("nothing starts without its secret", () => {
    const files = { A: path.join(folder, "missing") };
    const [command = "", ...args] = exportingEntrypoint({ MADE: "${A}" }, files, ["echo", "started"]);
    expect(() => execFileSync(command, args, { stdio: "pipe" })).toThrow(/missing/);
  });
});

test("all that is wrong is said at once, and nothing is made", async () => {
  const result = await failing(
    {},
    program({
      user: "root",
      environment: { BOTH: "1" },
      entrypoint: [],
      secretsAsEnvironment: { "NO-NAME": "${TOKEN}", BOTH: "${TOKEN}", PLAIN: "text", LONE: "$TOKEN" },
    }),
  );
  expect(result.failure.split("\n").slice(1)).toEqual([
    "  user: want a numeric uid:gid that is not root, got root",
    "  secretsAsEnvironment.NO-NAME: want the name of a variable, got NO-NAME",
    "  environment.BOTH: want it here or in secretsAsEnvironment, got both",
    "  secretsAsEnvironment.PLAIN: want a text with the ${NAME} of a secret; any other belongs to environment, got none",
    "  secretsAsEnvironment.LONE: want ${NAME} for a secret, $$ for a dollar, got a lone $",
    "  entrypoint: want what the image starts, since a shell is put in front of it, got nothing",
    `    fix: docker image inspect --format '{{json .Config.Entrypoint}} {{json .Config.Cmd}}' ${IMAGE}`,
  ]);
  expect(result.ofType(":Volume")).toEqual([]);
});

test("a secret that it does not use is named, with those that it does", async () => {
  const result = await failing({}, program({ secretsAsEnvironment: { DB: "${DATABASE_URI}" } }));
  expect(result.failure).toContain(
    "  secretsAsEnvironment.DB: want ${TOKEN} or ${DATABASE_URL} or ${DATABASE_CA}, got ${DATABASE_URI}",
  );
  expect(result.ofType(":Container").filter(({ name }) => name === "api-container")).toEqual([]);
});
