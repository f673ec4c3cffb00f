import * as pulumi from "@pulumi/pulumi";

import { EncryptionKeys } from "../../components";
import { fernetKey } from "../../components/secrets/encryption-keys";
import { graph } from "../support/harness";

interface Ring {
  readonly keys: readonly { readonly kid: string; readonly key: string }[];
  readonly current: string;
}

/** The ring of a generation, as a consumer would read it. */
async function ring(generation: number) {
  let file: unknown;
  let secret: unknown;
  const result = await graph({}, () => {
    const { files } = new EncryptionKeys("encryption", { generation }).bind();
    const content = pulumi.output(files.ENCRYPTION_KEYS);
    content.apply((text) => (file = JSON.parse(text ?? "")));
    void pulumi.isSecret(content).then((is) => (secret = is));
  });
  return { result, file: file as Ring, secret };
}

test("every key up to the next one, each protected: without it data is lost", async () => {
  const { result, file, secret } = await ring(2);
  const keys = ["encryption-key-1", "encryption-key-2", "encryption-key-3"];
  expect(result.ofType(":RandomPassword").map(({ name, options }) => [name, options.protect])).toEqual(
    keys.map((name) => [name, true]),
  );
  expect(file.keys.map(({ kid }) => kid)).toEqual(["k1", "k2", "k3"]);
  expect(file.current).toBe("k2");
  expect(secret).toBe(true);
});

test("raising the generation keeps every key, and encrypts with one that all replicas know already", async () => {
  const [before, after] = [(await ring(1)).file, (await ring(2)).file];
  const kids = ({ keys }: Ring) => keys.map(({ kid }) => kid);
  expect(kids(after)).toEqual(expect.arrayContaining(kids(before)));
  expect(kids(before)).toContain(after.current);
});

test("its generation stands in the state, for the next one to be compared with; it never falls", async () => {
  const { result } = await ring(2);
  expect(result.get(":EncryptionKeys", "encryption").inputs).toEqual({ generation: 2, mayFall: false });
});

test("a key is 32 bytes in URL-safe base64, with padding", () => {
  const [first, last] = [Buffer.alloc(16, 0xfb), Buffer.alloc(16, 0xff)];
  const key = fernetKey(`${"fb".repeat(16)}${"ff".repeat(16)}`);
  expect(key).toMatch(/^[\w-]{43}=$/);
  expect(Buffer.from(key, "base64url")).toEqual(Buffer.concat([first, last]));
  expect(fernetKey("00".repeat(32))).toBe(`${"A".repeat(43)}=`);
});
