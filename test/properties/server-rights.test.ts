import * as fc from "fast-check";

import { accessProblems, permissionsOf } from "../../components/services/nats-access";
import { natsProblems, userLine } from "../../components/services/nats-config";
import { redisAccessProblems, redisPrefixProblems, redisRights } from "../../components/services/redis-access";
import { anyText, drawing } from "../support/property";

/** Words of a line as redis-cli reads them: in quotes, with `\xHH` for bytes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:\\x[0-9a-f]{2}|[^"\\ ])*)"(?: |$)/g)].map(([, word = ""]) => {
    const bytes = [...word.matchAll(/\\x([0-9a-f]{2})|([\s\S])/g)];
    return Buffer.from(bytes.map(([, hex, plain = ""]) => (hex ? parseInt(hex, 16) : plain.charCodeAt(0)))).toString();
  });
}

test("any pattern for Redis is refused, or is one word of the rights, letter by letter", () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 3 }), (keys) => {
      if (redisAccessProblems({ keys }).length > 0) return;
      const rights = redisRights("shop:", { keys, channels: [] });
      expect(rights).toMatch(/^[\x20-\x7e]*$/);
      const others = wordsOf(redisRights("shop:", { keys: [], channels: [] }));
      expect(wordsOf(rights)).toEqual([...keys.map((key) => `~${key}`), ...others]);
    }),
    drawing(1000),
  );
});

/** Whether a pattern of Redis matches, of those that a prefix yields: what is literal, and one star at the end. */
function matches(pattern: string, key: string): boolean {
  const start = pattern.slice(0, -1).replace(/\\([\s\S])/g, "$1");
  return pattern.endsWith("*") && key.startsWith(start);
}

test("any prefix for Redis is refused, or has the keys that start with it and no others", () => {
  fc.assert(
    fc.property(anyText, anyText, (prefix, other) => {
      if (redisPrefixProblems(prefix).length > 0) return;
      const [keys = ""] = wordsOf(redisRights(prefix));
      expect(matches(keys.slice(1), prefix + other)).toBe(true);
      expect(matches(keys.slice(1), other)).toBe(other.startsWith(prefix));
    }),
    drawing(1000),
  );
});

test("any command is refused, or is one right that adds nothing else", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.constantFrom("keys", "config|get", "ACL", "acl", "+@all")), (command) => {
      if (redisAccessProblems({ commands: [command] }).length > 0) return;
      expect(wordsOf(redisRights("a", { commands: [command] })).at(-1)).toBe(`+${command}`);
      expect(command).toMatch(/^[a-z][a-z0-9._|-]*$/);
    }),
    drawing(1000),
  );
});

/** Characters that separate subjects, or stand for some. */
const tokens = (subject: string) => subject.split(".");

test("any subject is refused, or is one under the prefix", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.constantFrom("a", "a.b", "*.>", ">", "$JS.API.>", "_INBOX.>")), (subject) => {
      if (accessProblems({ publishes: [subject] }).length > 0) return;
      const [allowed = ""] = permissionsOf("api", "shop.", { publishes: [subject] }).publish.allow;
      expect(allowed).toBe(`shop.${subject}`);
      expect(tokens(allowed).every((token) => /^([\w-]+|\*|>)$/.test(token))).toBe(true);
    }),
    drawing(1000),
  );
});

test("any prefix is refused, or no stream, inbox or call of the server lies under it", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.constantFrom("shop.", "_INBOX.", "$JS.API.", "a.b.")), (prefix) => {
      if (natsProblems(prefix, 1, 256).length > 0) return;
      expect(prefix).toMatch(/^[A-Za-z0-9-][\w.-]*\.$/);
    }),
    drawing(1000),
  );
});

test("the list of users has a line for each, whatever the password", () => {
  fc.assert(
    fc.property(anyText, (password) => {
      const line = userLine({ service: "api", prefix: "shop." }, "app_api_1", password);
      expect(line).not.toContain("\n");
      expect((JSON.parse(line) as { user: string }).user).toBe("app_api_1");
    }),
    drawing(30),
  );
});
