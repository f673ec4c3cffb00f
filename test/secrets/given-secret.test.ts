import { Binding, GivenSecret } from "../../components";
import { Graph, graph, hexOf } from "../support/harness";

async function given(value: string | undefined): Promise<{ result: Graph; binding: Binding }> {
  let binding: Binding | undefined;
  const result = await graph({}, () => {
    binding = new GivenSecret("telegram", { variable: "TELEGRAM_BOT_TOKEN", value }).bind();
  });
  return { result, binding: binding as Binding };
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
