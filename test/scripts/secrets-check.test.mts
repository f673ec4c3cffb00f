// `./dev secrets check`, and what every command does with a wrong passphrase: `dev` as a whole, with a stub for Pulumi.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { rmSync, symlinkSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { type Locked, lockedWith } from "./support/encrypted.mts";
import { file, program } from "./support/files.mts";

const REPOSITORY = join(import.meta.dirname, "..", "..");
const PASSWORD = "dieudfs2mquhds2wxk8ac99d698t0de8";
const GIVEN = "token-of-another-company";
const SIGNED = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const URN = "urn:pulumi:prod::shop::random:index/randomPassword:RandomPassword::backend-database-secret";
const STATE_FILE = ["data", "shop", "state", ".pulumi", "stacks", "shop", "prod.json"];

/** Answers with what lies beside its log, and fails where nothing does. */
const PULUMI = `
echo "$*" >>"$LOG"
case "$*" in
  'stack export --show-secrets'*) cat "$LOG.shown" ;;
  'stack export'*) cat "$LOG.kept" ;;
esac`;

let right: Locked;
let root: string;
let dir: string;

before(() => {
  right = lockedWith("right");
  root = mkdtempSync(join(tmpdir(), "dev-root-"));
  for (const name of ["dev", "package-lock.json"]) copyFileSync(join(REPOSITORY, name), join(root, name));
  for (const name of ["scripts", "node_modules"]) symlinkSync(join(REPOSITORY, name), join(root, name));
  file(join(root, "engine", "versions.env"), "PULUMI=3.0.0\n");
  program(join(root, "engine", "ensure.sh"), `echo ${join(root, "home")}`);
  file(join(root, "home", ".ready"), "built\n");
  program(join(root, "home", "bin", "pulumi"), PULUMI);
});

after(() => {
  rmSync(root, { recursive: true });
});

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "dev-"));
  file(join(dir, "shop", "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  file(join(dir, "shop", "Pulumi.dev.yaml"), "config: {}\n");
  stackFile(`  shop:secrets:\n    mail: { secure: "${right.encrypt(GIVEN)}" }\n`);
  state();
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

function stackFile(config: string): void {
  file(join(dir, "shop", "Pulumi.prod.yaml"), `encryptionsalt: ${right.salt}\nconfig:\n${config}`);
}

/** The state of prod as the folder keeps it and as the CLI shows it, with one secret and what else is given. */
function state(outputs: object = {}): void {
  const latest = (result: object) => ({
    secrets_providers: { type: "passphrase", state: { salt: right.salt } },
    resources: [
      { urn: "urn:s", type: "pulumi:pulumi:Stack", outputs: { generations: { database: 1 } } },
      { urn: URN, type: "random:index/randomPassword:RandomPassword", outputs: { result, ...outputs } },
    ],
  });
  const text = JSON.stringify(PASSWORD);
  const kept = latest({ ...SIGNED, ciphertext: right.encrypt(text) });
  file(join(dir, ...STATE_FILE), JSON.stringify({ version: 3, checkpoint: { stack: "prod", latest: kept } }));
  file(join(dir, "calls.kept"), JSON.stringify({ version: 3, deployment: kept }));
  file(join(dir, "calls.shown"), JSON.stringify({ version: 3, deployment: latest({ ...SIGNED, plaintext: text }) }));
}

function dev(args: string, env: Record<string, string> = { PULUMI_CONFIG_PASSPHRASE: "right" }) {
  const done = spawnSync(join(root, "dev"), args.split(" "), {
    cwd: join(dir, "shop"),
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"],
      HOME: dir,
      DOCKWRIGHT_DATA_DIR: join(dir, "data"),
      DOCKWRIGHT_CACHE_DIR: join(root, "cache"),
      LOG: join(dir, "calls"),
      ...env,
    },
  });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

const calls = (): string => (existsSync(join(dir, "calls")) ? readFileSync(join(dir, "calls"), "utf8") : "");

/** Every file of the project and its data, with its content; but for the stub's log. */
function everything(): Record<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => path !== join(dir, "calls"));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, "utf8")]));
}

test("secrets that decrypt and stand nowhere in clear are counted, and nothing is changed", () => {
  const before = everything();
  const { status, out, err } = dev("secrets check prod");
  assert.equal(err, "");
  assert.equal(status, 0);
  assert.match(out, /==> secrets +2 secrets decrypt, none in clear in 2 files +\d+\.\d s\n$/);
  assert.deepEqual(everything(), before);
  assert.equal(calls(), "stack export --show-secrets --stack prod --non-interactive\n");
});

test("a secret in clear is named by its place, its resource and what renews it, never by its value", () => {
  state({ note: `is ${Buffer.from(PASSWORD).toString("base64")}` });
  stackFile(`  shop:note: ${GIVEN}\n`);
  file(join(dir, "data", "shop", "prod.log"), `one\n${PASSWORD}\n`);
  const { status, err } = dev("secrets check prod");
  assert.equal(status, 1);
  assert.match(err, /^error: stack prod: 2 places with a secret in clear\n/);
  assert.ok(
    err.includes(`${join(dir, ...STATE_FILE)}: ${URN}, outputs.note: holds ${URN}, outputs.result (in base64)\n`),
    err,
  );
  assert.match(err, /prod\.log: line 2: holds urn:\S+, outputs\.result \(as it is\)\n/);
  assert.match(err, /fix: stop what put it there, then rotate it: \S+ pulumi config set --path rotation\.database 2 /);
  assert.ok(!err.includes(PASSWORD));
});

test("a given secret in plain text is an error, beside an encrypted one or in its place", () => {
  stackFile(
    `  shop:secrets:\n    mail: { secure: "${right.encrypt(GIVEN)}" }\n    sms: plain\n  shop:note: x${GIVEN}\n`,
  );
  const { err } = dev("secrets check prod");
  assert.match(
    err,
    /2 places with a secret in clear\n.*Pulumi\.prod\.yaml: secrets\.sms: want it encrypted, got plain/,
  );
  assert.match(err, /Pulumi\.prod\.yaml: line 6: holds secrets\.mail \(as it is\)\n/);
  assert.ok(err.includes("config set --secret --path secrets.sms --stack prod\n"), err);
  assert.ok(!err.includes(GIVEN));
});

test("a value that was encrypted for another stack is named", () => {
  stackFile(`  shop:secrets:\n    mail: { secure: "${lockedWith("other").encrypt(GIVEN)}" }\n`);
  const { status, err } = dev("secrets check prod");
  assert.equal(status, 1);
  assert.match(err, /^error: Pulumi\.prod\.yaml: secrets\.mail cannot be decrypted/);
});

test("a state that the CLI cannot decrypt is an error that names the damaged secret", () => {
  const kept = readFileSync(join(dir, "calls.kept"), "utf8");
  const other = lockedWith("other").encrypt("x");
  file(join(dir, "calls.kept"), kept.replace(/("ciphertext":")[^"]*/, `$1${other}`));
  rmSync(join(dir, "calls.shown"));
  const { status, err } = dev("secrets check prod");
  assert.equal(status, 1);
  assert.ok(
    err.startsWith(`error: the state of stack prod cannot be decrypted: ${URN}, outputs.result is damaged\n`),
    err,
  );
});

test("a backend elsewhere is searched through the CLI", () => {
  state({ note: PASSWORD });
  const { err } = dev("secrets check prod", {
    PULUMI_CONFIG_PASSPHRASE: "right",
    PULUMI_BACKEND_URL: "s3://me:pw@states",
  });
  assert.match(err, /\n +s3:\/\/states: urn:\S+, outputs\.note: holds/);
});

test("without a state only the configuration is checked; dev gets no passphrase by it", () => {
  rmSync(join(dir, ...STATE_FILE));
  const { out } = dev("secrets check prod");
  assert.match(out, /1 secret decrypts, none in clear in 1 file; prod has no state yet/);
  assert.equal(dev("secrets check", {}).status, 0);
  assert.ok(!existsSync(join(dir, "data", "shop", "passphrase")));
});

test("secrets takes one word more, and one stack", () => {
  assert.match(dev("secrets").err, /secrets takes the word check, got nothing/);
  assert.match(dev("secrets check prod --volumes").err, /--volumes belongs to down/);
  assert.match(dev("secrets check nosuch").err, /there is no stack nosuch/);
});

const WRONG =
  /^error: the passphrase of stack (prod|dev) does not fit Pulumi\.\1\.yaml, nothing was changed: check \S+\n +\S.*\n$/;

test("with a wrong passphrase every command ends in one line with a hint, and has changed nothing", () => {
  const before = everything();
  const commands = ["up prod", "preview prod", "down prod --volumes --yes", "secrets check prod", "env prod"];
  for (const command of [...commands, "pulumi config set a b --stack prod", "pulumi stack init prod"]) {
    const { status, err } = dev(command, { PULUMI_CONFIG_PASSPHRASE: "wrong" });
    assert.match(err, WRONG, command);
    assert.equal(status, 1);
  }
  assert.deepEqual(everything(), before);
  assert.equal(calls(), "");
});

test("the salt of the state counts where the stack file has lost its own", () => {
  file(join(dir, "shop", "Pulumi.prod.yaml"), "config: {}\n");
  const { err } = dev("pulumi config set --secret a b --stack prod", { PULUMI_CONFIG_PASSPHRASE: "wrong" });
  assert.match(err, /^error: the passphrase of stack prod does not fit its state, nothing was changed/);
  assert.equal(calls(), "");
});

test("what needs no secrets works with any passphrase, and a key service with none", () => {
  for (const command of ["pulumi cancel --yes --stack prod", "pulumi stack export --stack prod"]) {
    assert.equal(dev(command, { PULUMI_CONFIG_PASSPHRASE: "wrong" }).status, 0, command);
  }
  file(join(dir, "shop", "Pulumi.next.yaml"), "config: {}\n");
  assert.match(dev("pulumi preview --stack next", {}).err, /encrypts its secrets with a passphrase, and none is given/);
  assert.equal(dev("pulumi stack init next --secrets-provider awskms://alias/x", {}).status, 0);
});

test("the passphrase of dev is not changed: Pulumi would write into the committed file", () => {
  const { status, err } = dev("pulumi stack change-secrets-provider passphrase", {});
  assert.equal(status, 1);
  assert.match(err, /^error: the passphrase of dev is made and kept by \.\/dev, and is not changed\n/);
  assert.equal(calls(), "");
});

test("a passphrase of dev that was written over is found before anything else is done", () => {
  const data = join(dir, "data", "shop");
  file(join(data, "passphrase"), "wrong\n");
  file(join(data, "dev.salt"), `${right.salt}\n`);
  utimesSync(join(data, "dev.salt"), new Date(0), new Date(0));
  for (const command of ["up", "pulumi config get a"]) assert.match(dev(command, {}).err, WRONG, command);
  assert.equal(calls(), "");
  assert.match(dev("up", {}).err, new RegExp(`check ${join(data, "passphrase")}\n`));
});
