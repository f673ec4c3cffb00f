import { redisAccessProblems, redisRights } from "../../components/services/redis-access";

/** Commands of every service. */
const COMMON = [
  ...["+@all", "-@admin", "-@dangerous", "+info"],
  ...["-function|load", "-function|delete", "-function|flush", "-function|restore"],
  ...["-script|debug", "-script|flush"],
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

test.each(["script", "script|debug", "client", "client|kill", "client|pause", "slowlog", "slowlog|get", "monitor"])(
  "%s halts the server for others, or shows what they send, and is refused",
  (command) => {
    expect(redisAccessProblems({ commands: [command] })).toMatchObject([
      { path: "commands", got: JSON.stringify(command) },
    ]);
  },
);

test.each(["script|flush", "client|list", "client|info", "keys"])("%s is given to who asks for it", (command) => {
  expect(redisAccessProblems({ commands: [command] })).toEqual([]);
});
