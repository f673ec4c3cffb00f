import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeTrees, type Tree, withoutSecrets } from "../../scripts/lib/merge.mts";

function merge(base: Tree, committed: Tree, local: Tree): Tree {
  return mergeTrees(base, committed, local).value;
}

test("a committed change arrives where nothing was edited", () => {
  assert.deepEqual(merge({ a: 1, b: 1 }, { a: 2, b: 1, c: 3 }, { a: 1, b: 1 }), { a: 2, b: 1, c: 3 });
});

test("a local edit, addition and removal survive", () => {
  const base = { edited: 1, removed: 1, same: 1 };
  assert.deepEqual(merge(base, base, { edited: 2, added: 3, same: 1 }), { edited: 2, added: 3, same: 1 });
});

test("what was removed from the committed file goes, unless it was edited", () => {
  assert.deepEqual(merge({ gone: 1, edited: 1 }, {}, { gone: 1, edited: 2 }), { edited: 2 });
});

test("maps are merged key by key at any depth, lists are taken whole", () => {
  const base = { limits: { backend: { memory: 1, cpus: 1 }, list: [1, 2] } };
  const committed = { limits: { backend: { memory: 1, cpus: 2 }, list: [1, 2, 3] } };
  const local = { limits: { backend: { memory: 5, cpus: 1 }, list: [1, 2] } };
  assert.deepEqual(merge(base, committed, local), { limits: { backend: { memory: 5, cpus: 2 }, list: [1, 2, 3] } });
});

test("a conflict keeps the local value and names the key", () => {
  const { value, conflicts } = mergeTrees({ a: { b: 1 } }, { a: { b: 2 } }, { a: { b: 3 } });
  assert.deepEqual(value, { a: { b: 3 } });
  assert.deepEqual(conflicts, ["a.b"]);
});

test("the same change on both sides is no conflict", () => {
  assert.deepEqual(mergeTrees({ a: 1 }, { a: 2 }, { a: 2 }), { value: { a: 2 }, conflicts: [] });
});

test("an encrypted value is one value", () => {
  const committed = { key: { secure: "new" } };
  assert.deepEqual(merge({ key: { secure: "old" } }, committed, { key: { secure: "old" } }), committed);
  const { conflicts } = mergeTrees({ key: { secure: "old" } }, committed, { key: { secure: "mine" } });
  assert.deepEqual(conflicts, ["key"]);
});

test("without a base every local value stays and missing keys arrive", () => {
  assert.deepEqual(merge({}, { a: 1, b: 2 }, { a: 5 }), { a: 5, b: 2 });
});

test("withoutSecrets leaves out only what is encrypted", () => {
  const { value, dropped } = withoutSecrets({
    plain: 1,
    key: { secure: "x" },
    nested: { other: { secure: "y" }, list: [1] },
  });
  assert.deepEqual(dropped, ["key", "nested.other"]);
  assert.deepEqual(value, { plain: 1, nested: { list: [1] } });
});
