// The parts of `./dev secrets check` and of the check of a passphrase.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { atomsOf, atomsOfGiven } from "../../scripts/lib/secrets/atoms.mts";
import { plainSecretsIn, securedIn, settingName, shownValues } from "../../scripts/lib/secrets/config.mts";
import { knownSecrets } from "../../scripts/lib/secrets/known.mts";
import { decrypt, keyFor, passphraseInForce } from "../../scripts/lib/secrets/passphrase.mts";
import { backendFiles, readText, stateFile } from "../../scripts/lib/secrets/places.mts";
import { configSalt, requireFit } from "../../scripts/lib/secrets/salts.mts";
import { Search } from "../../scripts/lib/secrets/search.mts";
import { lockedWith } from "./support/encrypted.mts";

const PASSWORD = "dieudfs2mquhds2wxk8ac99d698t0de8";
const SIGNED = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const plain = (value: unknown) => ({ ...SIGNED, plaintext: JSON.stringify(value) });

test("what Pulumi's own CLI encrypted is decrypted, and with its passphrase alone", () => {
  const salt = "v1:G10gxWK0sS4=:v1:6uUb3eOcyhBvK2TB:rhddMU9dD2WxxlnlpgtbvQen677z1w==";
  const key = keyFor("right", salt);
  assert.ok(key);
  const value = "v1:TaHzJXEjiX8EgCWk:wumLIG8ddHfT9W5ia4SbKYnIGMV4NXAThvXhmG4E9o7CUKHu1Q==";
  assert.equal(decrypt(key, value), "my-given-api-key-1234");
  assert.equal(decrypt(key, value.replace("wum", "xum")), undefined);
  assert.equal(decrypt(key, "v1:"), undefined);
  assert.equal(keyFor("wrong", salt), undefined);
  assert.equal(keyFor("right", "v2:G10gxWK0sS4=:v1:x:y"), undefined);
});

test("a passphrase is taken from where Pulumi takes it", () => {
  const dir = mkdtempSync(join(tmpdir(), "passphrase-"));
  const file = join(dir, "given");
  writeFileSync(file, "\n  two words \n\n");
  const both = { PULUMI_CONFIG_PASSPHRASE: "", PULUMI_CONFIG_PASSPHRASE_FILE: file };
  assert.equal(passphraseInForce("prod", "", both)?.value, "");
  assert.equal(passphraseInForce("prod", "", { PULUMI_CONFIG_PASSPHRASE_FILE: file })?.value, "two words");
  assert.equal(passphraseInForce("dev", file, both)?.value, "two words", "dev has its own");
  assert.equal(passphraseInForce("prod", "", {}), undefined);
  const missing = { PULUMI_CONFIG_PASSPHRASE_FILE: join(dir, "none") };
  assert.throws(
    () => passphraseInForce("prod", "", missing),
    /passphrase of stack prod cannot be read, nothing was changed: .*there is no such file$/,
  );
  rmSync(dir, { recursive: true });
});

test("a passphrase that fits only one of state and configuration is told from a wrong one", () => {
  const [before, now] = [lockedWith("before").salt, lockedWith("now").salt];
  const passphrase = { value: "now", source: "PULUMI_CONFIG_PASSPHRASE" };
  const fit = (config: string | undefined, state: string | undefined) => () =>
    requireFit("prod", passphrase, { configFile: "/p/Pulumi.prod.yaml", config, state });
  fit(now, now)();
  fit(undefined, undefined)();
  assert.throws(fit(before, before), /does not fit Pulumi\.prod\.yaml, .*check PULUMI_CONFIG_PASSPHRASE$/);
  assert.throws(fit(undefined, before), /does not fit its state/);
  assert.throws(fit(now, before), /fits Pulumi\.prod\.yaml, but not its state/);
  assert.throws(fit(before, now), /fits its state, but not Pulumi\.prod\.yaml/);
});

test("only a stack that uses a passphrase has a salt", () => {
  assert.equal(configSalt({ encryptionsalt: "v1:a" }), "v1:a");
  assert.equal(configSalt({ encryptionsalt: "v1:a", secretsprovider: "passphrase" }), "v1:a");
  assert.equal(configSalt({ encryptionsalt: "v1:a", secretsprovider: "awskms://alias/x" }), undefined);
  assert.equal(configSalt({}), undefined);
});

test("of a URL, a JSON text and a list of files only passwords and keys are secret", () => {
  const url = `postgresql+asyncpg://lunchbot_user_notifications_worker_oj08ugud:${PASSWORD}@postgres:5432/lunch_bot`;
  assert.deepEqual(atomsOf(url), [PASSWORD]);
  const login = { mechanism: "SCRAM-SHA-512", username: "app_recommendations_worker_dxrtaodi", password: PASSWORD };
  const file = { content: JSON.stringify(login), file: "/files/KAFKA_CREDENTIALS", permissions: "0400" };
  assert.deepEqual(atomsOf([file, { ...file, content: url }]), [PASSWORD]);
  assert.deepEqual(atomsOf("redis://me:p%40ss%2Fword%20long@redis:6379/0"), ["p@ss/word long"]);
  assert.deepEqual(atomsOf({ replace: { raw: null } }), []);
});

test("of a text in several words what looks like no name is secret, of one word everything", () => {
  assert.deepEqual(atomsOf(`${PASSWORD}\nALTER ROLE notifications_worker_login;\n`), [PASSWORD]);
  assert.deepEqual(atomsOf("not-a-random-word\n"), ["not-a-random-word"]);
  assert.deepEqual(atomsOf("short"), []);
  const body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
  const pem = (kind: string) => `-----BEGIN ${kind}-----\n${body}\n-----END ${kind}-----\n`;
  assert.deepEqual(atomsOf(pem("PRIVATE KEY")), [body]);
  assert.deepEqual(atomsOf([pem("CERTIFICATE"), `image@sha256:${"0a1b".repeat(16)}`]), []);
});

test("what people hand in is secret as a whole, and in its parts", () => {
  assert.deepEqual(atomsOfGiven("correct horse battery staple"), ["correct horse battery staple"]);
  const keys = `AIzaSy8f3k2m9x7q1,${PASSWORD}`;
  assert.deepEqual(atomsOfGiven(keys), [keys, "AIzaSy8f3k2m9x7q1", PASSWORD]);
});

const search = (...atoms: string[]) => new Search(atoms.map((atom) => ({ atom, name: "the secret", fix: "" })));
const spellings = (secret: string, text: string) =>
  search(secret)
    .in("log", text)
    .map(({ spelling }) => spelling);

test("a secret is found in every spelling, wherever it begins", () => {
  const secret = 'pass/word "1" äöü~?';
  for (const before of ["", "a", "ab", "abc", "user:"]) {
    const bytes = Buffer.from(`${before}${secret}:rest`);
    assert.deepEqual(spellings(secret, `x ${bytes.toString("base64")} y`), ["in base64"], before);
    assert.deepEqual(spellings(secret, `x ${bytes.toString("base64url")} y`), ["in base64"], before);
    assert.deepEqual(spellings(secret, bytes.toString("hex").toUpperCase()), ["in hex"]);
  }
  assert.deepEqual(spellings(secret, JSON.stringify({ a: JSON.stringify(secret) })), ["as JSON"]);
  assert.deepEqual(spellings(secret, `?key=${encodeURIComponent(secret)}&`), ["URL-encoded"]);
  assert.deepEqual(spellings(secret, `key ${secret}`), ["as it is"]);
  assert.deepEqual(spellings(secret, "key pass/word"), []);
});

test("a state is searched but for its ciphertexts, and the place is named by resource and path", () => {
  const resource = (outputs: object) => JSON.stringify({ resources: [{ urn: "urn:x", outputs }] });
  const looked = search(PASSWORD);
  assert.deepEqual(looked.in("a", resource({ key: { ...SIGNED, ciphertext: PASSWORD } })), []);
  const [found] = looked.in("a", resource({ list: [{ note: `is ${PASSWORD}` }] }));
  assert.equal(found?.at, "urn:x, outputs.list[0].note");
  assert.equal(looked.in("b", resource({ list: [{ note: `is ${PASSWORD}` }] })).length, 1, "in every file");
  const [asKey] = looked.in("c", resource({ [PASSWORD]: 1 }));
  assert.equal(looked.redact(asKey?.at ?? ""), "urn:x, outputs.[secret]");
  assert.equal(looked.in("log", `one\ntwo ${PASSWORD}`)[0]?.at, "line 2");
});

test("a secret goes by the setting or the resource that it comes from, with what renews it", () => {
  const urn = (type: string, name: string) => `urn:pulumi:dev::shop::dockwright:secrets:Login$${type}::${name}`;
  const state = {
    resources: [
      {
        urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop",
        type: "pulumi:pulumi:Stack",
        outputs: { generations: { broker: 4 } },
      },
      { urn: urn("command:local:Command", "backend-broker-login"), inputs: { stdin: plain(`${PASSWORD}\n`) } },
      {
        urn: urn("random:index/randomPassword:RandomPassword", "backend-broker-secret"),
        outputs: { result: plain(`w9oywyz8${PASSWORD}`) },
      },
      {
        urn: urn("random:index/randomId:RandomId", "mail-id"),
        inputs: { keepers: { value: plain("handed-in-value") } },
      },
    ],
  };
  const known = knownSecrets("prod", [{ name: "secrets.mail", value: "handed-in-value" }], state);
  const named = Object.fromEntries(known.map(({ atom, name, fix }) => [atom, { name, fix }]));
  assert.equal(named["handed-in-value"]?.name, "secrets.mail");
  assert.match(named["handed-in-value"]?.fix ?? "", /config set --secret --path secrets\.mail --stack prod$/);
  assert.match(named[PASSWORD]?.name ?? "", /::backend-broker-secret, outputs\.result$/);
  assert.match(named[PASSWORD]?.fix ?? "", /config set --path rotation\.broker 5 --stack prod && \.\/dev up prod$/);
  assert.equal(known.length, 3);
});

test("encrypted values are found at any depth, plain ones under secrets are not let pass", () => {
  const config = {
    config: {
      "shop:secrets": { mail: { secure: "v1:a" }, forgotten: "plain" },
      "shop:secrets.dotted": "plain",
      "shop:edge": { publicUrl: "http://x" },
      "docker:registryAuth": [{ address: "r", password: { secure: "v1:b" } }],
    },
  };
  const secured = securedIn(config);
  const names = secured.map(({ path }) => settingName(path, "shop"));
  assert.deepEqual(names, ["secrets.mail", "docker:registryAuth[0].password"]);
  assert.deepEqual(
    plainSecretsIn(config, "shop").map((path) => settingName(path, "shop")),
    ["secrets.forgotten", "secrets.dotted"],
  );
  const answer = {
    "shop:secrets": { value: "{}", objectValue: { mail: "one" }, secret: true },
    "docker:registryAuth": { objectValue: [{ address: "r", password: "two" }] },
  };
  assert.deepEqual(shownValues(JSON.stringify(answer), secured), ["one", "two"]);
});

test("all that a folder keeps of a stack is searched, and nothing of another", () => {
  const dir = mkdtempSync(join(tmpdir(), "backend-"));
  const [url, id] = [`file://${dir}?metadata=skip`, { project: "shop", stack: "dev" }];
  const put = (folder: string, ...names: string[]) => {
    mkdirSync(join(dir, ".pulumi", folder), { recursive: true });
    for (const name of names) writeFileSync(join(dir, ".pulumi", folder, name), gzipSync("{}"));
  };
  assert.equal(stateFile(url, id), undefined);
  put("stacks/shop", "dev.json.gz", "dev.json.bak", "dev2.json", "prod.json");
  put("history/shop/dev", "dev-1.checkpoint.json.gz", "dev-1.history.json.gz");
  put("backups/shop/dev", "dev.1.json.gz");
  put("backups/shop/prod", "prod.1.json.gz");
  const names = backendFiles(url, id).map((file) => basename(file));
  const history = ["dev-1.checkpoint.json.gz", "dev-1.history.json.gz"];
  assert.deepEqual(names, ["dev.json.bak", "dev.json.gz", ...history, "dev.1.json.gz"]);
  assert.equal(readText(stateFile(url, id) ?? ""), "{}");
  assert.deepEqual(backendFiles("s3://states", id), []);
  rmSync(dir, { recursive: true });
});
