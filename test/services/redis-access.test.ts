import { redisRights } from "../../components/services/redis-access";

/** Commands of every service. */
const COMMON = [
  ...["+@all", "-@admin", "-@dangerous", "+info"],
  ...["-function|load", "-function|delete", "-function|flush", "-function|restore"],
];
const rights = (words: readonly string[]) => words.map((word) => `"${word}"`).join(" ");

test("a service has the keys and channels of the prefix", () => {
  expect(redisRights("shop:")).toBe(rights(["~shop:*", "&shop:*", ...COMMON]));
  expect(redisRights("")).toBe(rights(["~*", "&*", ...COMMON]));
});

test("a prefix stands for itself, whatever a pattern makes of its characters", () => {
  expect(redisRights("a*[b")).toBe(rights(["~a\\x5c*\\x5c\\x5bb*", "&a\\x5c*\\x5c\\x5bb*", ...COMMON]));
});

test("an access takes the place of the prefix, and adds commands", () => {
  expect(redisRights("shop:", { keys: ["a:*", "b:*"], readKeys: ["c:*"], channels: [], commands: ["keys"] })).toBe(
    rights(["~a:*", "~b:*", "%R~c:*", ...COMMON, "+keys"]),
  );
  expect(redisRights("shop:", { commands: ["config|get"] })).toBe(
    rights(["~shop:*", "&shop:*", ...COMMON, "+config|get"]),
  );
});

test("quotes and letters of other alphabets go as their bytes", () => {
  expect(redisRights("shop:", { keys: ['a"é'], channels: [] })).toBe(rights(["~a\\x22\\xc3\\xa9", ...COMMON]));
});
