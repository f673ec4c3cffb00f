// The schema that editors take for the stack files: it fits the files there are, and refuses mistakes in them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { z } from "zod";
import { programSchema } from "../../scripts/lib/docs/configuration.mts";
import { stackFileSchema } from "../../scripts/lib/docs/stack-schema.mts";

const ROOT = join(import.meta.dirname, "..", "..");
const PROJECTS = { "lunch-bot": ROOT, "task-tracker": join(ROOT, "examples", "task-tracker") };

type Config = Record<string, Record<string, unknown>>;

for (const [project, folder] of Object.entries(PROJECTS)) {
  const schema = z.fromJSONSchema(stackFileSchema(project, programSchema(folder)) as z.core.JSONSchema.JSONSchema);
  const file = (stack: string): string => join(folder, `Pulumi.${stack}.yaml`);
  const read = (stack: string): { config: Config } => parse(readFileSync(file(stack), "utf8")) as { config: Config };
  const fits = (change: (config: Config) => object): boolean => {
    const { config } = read("prod");
    return schema.safeParse({ config: { ...config, ...change(config) } }).success;
  };

  test(`the stack files of ${project} name it and fit`, () => {
    for (const stack of ["dev", "staging", "prod"]) {
      const [first = ""] = readFileSync(file(stack), "utf8").split("\n");
      const named = first.replace("# yaml-language-server: $schema=", "");
      assert.equal(resolve(dirname(file(stack)), named), join(ROOT, "docs", "schema", `${project}.json`));
      assert.equal(schema.safeParse(read(stack)).error, undefined);
    }
  });

  test(`mistakes in a stack file of ${project} are refused, keys of others are not`, () => {
    const key = (name: string): string => `${project}:${name}`;
    const secret = (value: unknown) => fits(() => ({ [key("secrets")]: { telegramBotToken: value } }));
    const edge = (change: object) => fits((config) => ({ [key("edge")]: { ...config[key("edge")], ...change } }));
    assert.ok(fits(() => ({ "aws:region": "eu-central-1" })));
    assert.ok(secret({ secure: "v1:abc" }));
    assert.ok(edge({ httpPort: 8080 }));
    assert.ok(!fits(() => ({ [key("edgy")]: {} })));
    assert.ok(!fits(() => ({ [key("limits")]: { postgres: { cpu: 1 } } })));
    assert.ok(!fits(() => ({ [key("images")]: { app: "registry/app:1.2" } })));
    assert.ok(!secret("in clear"));
    assert.ok(!edge({ httpPort: "8080" }));
    assert.ok(!edge({ publicUrl: undefined }));
  });
}
