import * as pulumi from "@pulumi/pulumi";

const said: string[] = [];
const original = pulumi.log.debug;

beforeAll(async () => {
  Object.assign(pulumi.log, { debug: (message: string) => Promise.resolve(void said.push(message)) });
  await import("../../components");
});
afterAll(() => {
  Object.assign(pulumi.log, { debug: original });
});
beforeEach(() => {
  said.length = 0;
});

test("what the SDK says of an answer ends before the answer", async () => {
  await pulumi.log.debug(
    "RegisterResource RPC finished: login; err: null, resp: urn:x,result,,,pw-1\npw-2, resp: pw-3",
  );
  expect(said).toEqual(["RegisterResource RPC finished: login; err: null, resp: withheld, it may hold secrets"]);
});

test("everything else it says stays as it is", async () => {
  await pulumi.log.debug("Registering resource: t=a:b:C, name=c");
  expect(said).toEqual(["Registering resource: t=a:b:C, name=c"]);
});

test("the SDK says each answer in that form", async () => {
  const fs = await import("node:fs");
  const path = await import("node:path");
  const runtime = path.dirname(require.resolve("@pulumi/pulumi/runtime"));
  const sources = fs.readdirSync(runtime).filter((file) => file.endsWith(".js"));
  const answers = sources.flatMap(
    (file) => fs.readFileSync(path.join(runtime, file), "utf8").match(/`[^`]*\$\{innerResponse\}[^`]*`/g) ?? [],
  );
  expect(answers.length).toBeGreaterThan(5);
  expect(answers.filter((text) => !/, resp: \$\{innerResponse\}`$/.test(text))).toEqual([]);
});
