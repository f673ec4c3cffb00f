import * as pulumi from "@pulumi/pulumi";

import { Binding, GivenSecret } from "../../components";
import { failing, graph, hexOf } from "../support/harness";

async function given(value: string | undefined) {
  let binding: Binding | undefined;
  let shown: unknown;
  const result = await graph({}, () => {
    const secret = new GivenSecret("telegram", { variable: "TELEGRAM_BOT_TOKEN", value });
    binding = secret.bind();
    const { credential, revision } = secret;
    pulumi
      .all([revision, pulumi.output(pulumi.isSecret(revision))])
      .apply(([hex, isSecret]) => (shown = { credential, hex, isSecret }));
  });
  return { result, binding: binding as Binding, shown };
}

test("a value is kept as a secret, and its volume is named by an id that the value keeps", async () => {
  const { result, binding } = await given("123:token");
  expect(result.keys()).toEqual(["GivenSecret telegram", "RandomId telegram-id"]);
  const id = result.get(":RandomId", "telegram-id");
  expect(id.inputs).toEqual({ byteLength: 4, keepers: { value: "[secret]" } });
  expect(id.revealed.keepers).toEqual({ value: "123:token" });
  expect(binding).toMatchObject({
    credential: "telegram",
    files: { TELEGRAM_BOT_TOKEN: expect.anything() as unknown },
  });
});

test("its revision may be shown: it tells nothing of the value", async () => {
  const hex = hexOf("telegram-id", { value: "123:token" });
  expect((await given("123:token")).shown).toEqual({ credential: "telegram", hex, isSecret: false });
});

test("another value is another id, and so another volume", async () => {
  const revision = async (value: string) =>
    (await given(value)).result.get(":RandomId", "telegram-id").revealed.keepers as unknown;
  expect(hexOf("telegram-id", await revision("one"))).not.toBe(hexOf("telegram-id", await revision("two")));
});

test("without a value a placeholder is generated", async () => {
  const { result } = await given(undefined);
  expect(result.childrenOf("GivenSecret telegram")).toEqual([
    "RandomId telegram-id",
    "RandomPassword telegram-placeholder",
  ]);
  expect(result.get(":RandomPassword", "telegram-placeholder").inputs).toEqual({ length: 24, special: false });
  expect(result.get(":RandomId", "telegram-id").inputs.keepers).toEqual({ value: "[secret]" });
});

const PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----";

test.each([
  ["a PEM text without its last newline gets it", PEM, `${PEM}\n`],
  ["one behind words of its own too", `Key of somebody\n${PEM}`, `Key of somebody\n${PEM}\n`],
  ["one with blanks in its place too", `${PEM} \t`, `${PEM}\n`],
  ["one behind a byte order mark goes without the mark", `\ufeff${PEM}`, `${PEM}\n`],
  ["also when nothing else is missing", `\ufeff${PEM}\n`, `${PEM}\n`],
  [
    "one with the ends of lines of Windows too",
    `${PEM.replaceAll("\n", "\r\n")}\r`,
    `${PEM.replaceAll("\n", "\r\n")}\n`,
  ],
  ["any other text keeps its byte order mark", "\ufeffkey", "\ufeffkey"],
  ["one that has it stays", `${PEM}\n`, `${PEM}\n`],
  ["what only looks like it stays", "-----BEGIN A----- -----END A-----", "-----BEGIN A----- -----END A-----"],
  ["any other text stays, whatever is at its ends", " \n{}\n\n", " \n{}\n\n"],
])("%s", async (_case, value, file) => {
  const { binding } = await given(value);
  const content = new Promise((resolve) => pulumi.output(binding.files.TELEGRAM_BOT_TOKEN ?? "").apply(resolve));
  expect(await content).toBe(file);
});

test("an empty value is refused, before a file of it is made", async () => {
  const { failure } = await failing({}, () => new GivenSecret("mail", { variable: "MAIL", value: "" }));
  expect(failure).toContain("value: want a text, or nothing for a generated placeholder, got an empty text");
});

test.each(["a\0b", "\ud800"])("%j is no text, and is not shown", async (value) => {
  const { failure } = await failing({}, () => new GivenSecret("mail", { variable: "A=B", value }));
  expect(failure).toBe(
    [
      'given secret "mail": 2 problem(s), nothing was changed',
      '  variable: want the name of a variable: letters, digits and underscores, at most 128, no digit first, got "A=B"',
      "  value: want a text in Unicode without zero characters; give bytes in base64, got [secret]",
    ].join("\n"),
  );
});
