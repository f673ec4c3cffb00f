// Where a stack lives, and what a state forgets when it moves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { livesElsewhere, recordedDaemons, refusal } from "../../scripts/lib/daemon-record.mts";
import { forgetFormerDaemon, forgetRecord } from "../../scripts/lib/forget.mts";

const ENGINE = "urn:pulumi:dev::shop::dockwright:platform:DockerEngine";
const STACK = { urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", type: "pulumi:pulumi:Stack" };
const PLATFORM = { urn: `${ENGINE}::platform`, type: "dockwright:platform:DockerEngine", parent: STACK.urn };
const RECORD = {
  urn: `${ENGINE}$command:local:Command::platform-daemon`,
  type: "command:local:Command",
  outputs: { stdout: "A1\nbox\nssh://box" },
};
const VOLUME = {
  urn: "urn:pulumi:dev::shop::docker:index/volume:Volume::data",
  type: "docker:index/volume:Volume",
  id: "shop-dev-data",
  protect: true,
};
const GATE = { urn: "urn:pulumi:dev::shop::command:local:Command::not-a-daemon", type: "command:local:Command" };
const KEYS = { urn: "urn:pulumi:dev::shop::dockwright:secrets:Keys::keys", type: "dockwright:secrets:Keys" };
const ID = { ...RECORD, urn: `${ENGINE}$command:local:Command::platform-stack-id`, parent: PLATFORM.urn };
const RANDOM = { urn: "urn:pulumi:dev::shop::pulumi:providers:random::default", type: "pulumi:providers:random" };
const KEY = {
  urn: "urn:pulumi:dev::shop::random:index/randomBytes:RandomBytes::key",
  type: "random:index/randomBytes:RandomBytes",
  id: "key",
  protect: true,
  parent: KEYS.urn,
  provider: `${RANDOM.urn}::7d1e`,
};
const ALL = [STACK, PLATFORM, RECORD, ID, VOLUME, GATE, KEYS, RANDOM, KEY];

test("a stack lives where its engine said, as long as it has something there", () => {
  assert.deepEqual(recordedDaemons(ALL), [{ id: "A1", name: "box", host: "ssh://box" }]);
  assert.deepEqual(recordedDaemons([STACK, PLATFORM, RECORD]), []);
  assert.deepEqual(recordedDaemons([STACK, VOLUME, GATE]), []);
});

test("another daemon is one that no record names", () => {
  const recorded = recordedDaemons(ALL);
  assert.equal(livesElsewhere(recorded, "A1"), false);
  assert.equal(livesElsewhere(recorded, "B2"), true);
  assert.equal(livesElsewhere([], "B2"), false);
});

test("the refusal names both daemons and the way to move", () => {
  const text = refusal("dev", recordedDaemons(ALL), { id: "B2", name: "crate", host: "ssh://crate" }).join("\n");
  assert.match(text, /^stack dev lives on another Docker daemon, nothing was changed\n/);
  assert.match(text, /lives on: box at ssh:\/\/box \(id A1\)\nnow answers: crate at ssh:\/\/crate \(id B2\)\n/);
  assert.match(text, /\.\/dev up dev --new-daemon/);
});

const urns = (exported: { deployment: { resources?: readonly { urn: string }[] } }): string[] =>
  (exported.deployment.resources ?? []).map(({ urn }) => urn);

test("the same Docker under a new id loses only its record", () => {
  const kept = forgetRecord({ deployment: { resources: ALL } });
  assert.deepEqual(urns(kept), urns({ deployment: { resources: ALL.filter((item) => item !== RECORD) } }));
});

test("a move keeps the stack's id and keys that decrypt data with what they stand on, and nothing of Docker", () => {
  const bare = {
    ...{
      ...KEY,
      urn: "urn:pulumi:dev::shop::dockwright:secrets:EncryptionKeys$random:index/randomPassword:RandomPassword::k",
    },
    ...{ type: "random:index/randomPassword:RandomPassword", protect: false },
  };
  const kept = forgetFormerDaemon({ deployment: { resources: [...ALL, bare], pending_operations: [{}] } });
  assert.deepEqual(
    urns(kept),
    [STACK, PLATFORM, ID, KEYS, RANDOM, KEY, bare].map(({ urn }) => urn),
  );
  assert.deepEqual(kept.deployment.pending_operations, []);
});
