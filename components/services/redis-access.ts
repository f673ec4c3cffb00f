import { Problem } from "../settings/problems";

/** What one service may do on a Redis server, where that differs from everything of the prefix. */
export interface RedisAccess {
  /** Patterns of keys it may read and write, whole, as Redis matches them. @default those that begin with the prefix */
  readonly keys?: readonly string[];
  /** Patterns of further keys it may read alone. @default none */
  readonly readKeys?: readonly string[];
  /**
   * Patterns of channels, whole. Redis compares a pattern that is subscribed to as a text, so that each one has to stand
   * here letter by letter: `["shop:*", "shop:orders:*"]` for `PSUBSCRIBE shop:orders:*`.
   * @default those that begin with the prefix, and all of them as one pattern
   */
  readonly channels?: readonly string[];
  /**
   * Commands beside those that every service has, such as `keys`, `sort`, `flushdb` or `config|get`. Some do not look at
   * keys: `flushdb` empties the database for all, `keys` names those of others, `client|list` (BullMQ's `getWorkers`)
   * shows addresses and logins of others. What hands over the server or halts it for others, and what shows the values
   * that others send (`monitor`, `slowlog`), is refused.
   * @default none
   */
  readonly commands?: readonly string[];
}

/**
 * Commands of every service: all that look at the keys they are given, and `info`, which clients begin with. Functions are
 * kept apart, because whoever replaces one has others run it with their rights; so are the debugger of scripts, which
 * halts the server for all, and the removal of scripts that others have loaded.
 */
const COMMANDS = [
  ...["+@all", "-@admin", "-@dangerous", "+info"],
  ...["load", "delete", "flush", "restore"].map((act) => `-function|${act}`),
  ...["debug", "flush"].map((act) => `-script|${act}`),
];

/** The rights of a service, as arguments of `ACL SETUSER`, each in quotes. */
export function redisRights(prefix: string, access: RedisAccess = {}): string {
  const ofPrefix = [`${literal(prefix)}*`];
  const { keys = ofPrefix, readKeys = [], channels = ofPrefix, commands = [] } = access;
  const rights = [
    ...keys.map((pattern) => `~${pattern}`),
    ...readKeys.map((pattern) => `%R~${pattern}`),
    ...channels.map((pattern) => `&${pattern}`),
    ...COMMANDS,
    ...commands.map((command) => `+${command}`),
  ];
  return rights.map(quoted).join(" ");
}

/** What is wrong with the prefix of a server. */
export function redisPrefixProblems(prefix: string): Problem[] {
  return patternProblems("prefix", [prefix], "a text without spaces and control characters, such as shop:");
}

/** All that is wrong with an access. */
export function redisAccessProblems(access: RedisAccess): Problem[] {
  const { keys = [], readKeys = [], channels = [], commands = [] } = access;
  const want = "a pattern without spaces and control characters, such as shop:cache:*";
  const empty = (path: string, patterns: readonly string[]) =>
    patterns.filter((pattern) => pattern === "").map(() => ({ path, want, got: '""' }));
  return [
    ...[...empty("keys", keys), ...patternProblems("keys", keys, want)],
    ...[...empty("readKeys", readKeys), ...patternProblems("readKeys", readKeys, want)],
    ...[...empty("channels", channels), ...patternProblems("channels", channels, want)],
    ...commands.flatMap(commandProblems),
  ];
}

/** With these, whoever has one takes over the server, or reads what others send. */
const FORBIDDEN = new Set([
  ...["acl", "cluster", "debug", "failover", "migrate", "module", "monitor", "psync", "replconf", "replicaof"],
  ...["shutdown", "slaveof", "slowlog", "sync"],
]);
/** Parts of commands with which one halts the server for others, or cuts them off, and what includes them. */
const FORBIDDEN_ACTS = new Set(["client", "client|kill", "client|pause", "script", "script|debug"]);
/** Of the configuration, what does not change it. */
const CONFIG_COMMANDS = new Set(["config|get", "config|resetstat", "config|help"]);

function commandProblems(command: string): Problem[] {
  const path = "commands";
  const got = JSON.stringify(command);
  if (!/^[a-z][a-z0-9._-]*(\|[a-z][a-z0-9-]*)?$/.test(command)) {
    return [{ path, want: "the name of a command in lower case, such as keys or config|get", got }];
  }
  const [name = ""] = command.split("|");
  const isRefused = FORBIDDEN.has(name) || FORBIDDEN_ACTS.has(command);
  if (!isRefused && (name !== "config" || CONFIG_COMMANDS.has(command))) return [];
  return [{ path, want: "a command that neither hands over nor halts the server, nor shows what others send", got }];
}

/** Redis keeps patterns in a file of words, a user a line. */
function patternProblems(path: string, patterns: readonly string[], want: string): Problem[] {
  return patterns
    .filter((pattern) => /[\s\p{Cc}\p{Cs}]/u.test(pattern))
    .map((pattern) => ({ path, want, got: JSON.stringify(pattern) }));
}

/** A text as a pattern that matches it alone. */
function literal(text: string): string {
  return text.replace(/[\\*?[\]]/g, (character) => `\\${character}`);
}

/** A word as redis-cli reads it from a line: whatever is not plain goes as the digits of its bytes. */
function quoted(word: string): string {
  const bytes = [...Buffer.from(word)];
  const isPlain = (byte: number) => /[A-Za-z0-9@+~&%|*:._-]/.test(String.fromCharCode(byte)) && byte < 0x80;
  const escaped = bytes.map((byte) =>
    isPlain(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`,
  );
  return `"${escaped.join("")}"`;
}
