import * as pulumi from "@pulumi/pulumi";

import { JwtKeys } from "../../components";
import { graph } from "../support/harness";

/** The ring of a generation, as a consumer would read it. */
async function ring(generation: number) {
  let file: unknown;
  let secret: unknown;
  const result = await graph({}, () => {
    const { files } = new JwtKeys("jwt", { generation }).bind();
    const content = pulumi.output(files.JWT_KEYS);
    content.apply((text) => (file = JSON.parse(text ?? "")));
    void pulumi.isSecret(content).then((is) => (secret = is));
  });
  return { result, file, secret };
}

test("three keys: the current one signs, all three verify", async () => {
  const { result, file, secret } = await ring(4);
  expect(result.childrenOf("JwtKeys jwt")).toEqual([
    "RandomPassword jwt-key-3",
    "RandomPassword jwt-key-4",
    "RandomPassword jwt-key-5",
  ]);
  expect(result.get(":RandomPassword", "jwt-key-4").inputs).toEqual({
    ...{ length: 64, special: true, overrideSpecial: "0123456789abcdef" },
    ...{ lower: false, upper: false, numeric: false },
  });
  expect(file).toEqual({
    keys: [
      { kid: "k3", key: "pw-jwt-key-3", status: "previous" },
      { kid: "k4", key: "pw-jwt-key-4", status: "current" },
      { kid: "k5", key: "pw-jwt-key-5", status: "next" },
    ],
  });
  expect(secret).toBe(true);
});

test("its generation stands in the state, for the next one to be compared with", async () => {
  const { result } = await ring(4);
  expect(result.get(":JwtKeys", "jwt").inputs).toEqual({ generation: 4, mayFall: true });
});

test.each([
  [1, 2],
  [2, 1],
])("moving from generation %d to %d keeps the key of either as one that verifies", async (from, to) => {
  const kids = async (generation: number) => {
    const { file } = await ring(generation);
    return (file as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
  };
  expect(await kids(from)).toContain(`k${to}`);
  expect(await kids(to)).toContain(`k${from}`);
});
