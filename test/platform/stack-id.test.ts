import { spawnSync } from "node:child_process";
import * as path from "node:path";

import { scriptText } from "../../components/platform/script";
import { engine } from "../support/fixtures";
import { graph } from "../support/harness";

const SCRIPT = scriptText(path.join(__dirname, "../../components/platform"), "stack-id.sh");

test("a platform draws the id of its stack once, and puts it on everything it makes", async () => {
  const result = await graph({}, () => engine());
  expect(result.get(":Command", "platform-stack-id").inputs).toEqual({
    create: 'sh -c "$SCRIPT"',
    update: 'sh -c "$SCRIPT"',
    environment: { SCRIPT },
    logging: "none",
    addPreviousOutputInEnv: true,
  });
  for (const { inputs, options } of result.ofType(":Network")) {
    expect(inputs.labels).toContainEqual({ label: "dockwright.stack-id", value: "0011223344556677" });
    expect(options.ignoreChanges).toEqual(["labels"]);
  }
});

describe("the script", () => {
  const draw = (env: Record<string, string> = {}) =>
    spawnSync("sh", ["-c", SCRIPT], { encoding: "utf8", env: { PATH: process.env.PATH ?? "", ...env } }).stdout;

  test("draws 16 hex digits, others each time", () => {
    expect(draw()).toMatch(/^[0-9a-f]{16}$/);
    expect(draw()).not.toBe(draw());
  });

  test("keeps what it drew, and takes over what it is told only where it has nothing", () => {
    expect(draw({ DOCKWRIGHT_STACK_ID: "cc33\nbb22" })).toBe("cc33\nbb22");
    expect(draw({ DOCKWRIGHT_STACK_ID: "bb22", PULUMI_COMMAND_STDOUT: "aa11" })).toBe("aa11");
  });
});
