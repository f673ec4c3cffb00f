import { Problem } from "./problems";

/** What a name on a server may be. */
export interface NameRule {
  readonly pattern: RegExp;
  /** The rule in words. */
  readonly want: string;
}

// All of these names stand unquoted in files of a server or in URLs, too. PostgreSQL takes 63 bytes of one and drops the
// rest; `all`, `sameuser` and the like mean something else in its file of who may log in.

/** A role of PostgreSQL. */
export const POSTGRES_ROLE: NameRule = {
  pattern: /^(?!(?:all|public|none|sameuser|samerole|samegroup)$)(?!pg_|dockwright_)[A-Za-z0-9_][A-Za-z0-9_-]{0,62}$/,
  want: "the name of a role, such as app_user: at most 63 letters, digits, _ and -, and none that PostgreSQL has",
};

/** A role that owns a database and that nobody can log in as, which the superuser cannot become. */
export const POSTGRES_OWNER: NameRule = {
  pattern: new RegExp(`^(?!postgres$)${POSTGRES_ROLE.pattern.source.slice(1)}`),
  want: "a role of its own, such as shop_owner: at most 63 letters, digits, _ and -, and none that PostgreSQL has",
};

/** A database of applications. The server is administered from `postgres`, and makes others from the templates. */
export const POSTGRES_DATABASE: NameRule = {
  pattern:
    /^(?!(?:postgres|template[01]|all|replication|sameuser|samerole|samegroup)$)[A-Za-z0-9_][A-Za-z0-9_-]{0,62}$/,
  want: "a database of its own, such as shop: at most 63 letters, digits, _ and -, and none that PostgreSQL has",
};

/** First part of the names of Redis users: they stand in lines apart by spaces. */
export const REDIS_USER_PREFIX: NameRule = {
  pattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/,
  want: "at most 63 letters, digits, _, - and .",
};

/** What topics and groups of Kafka start with. Its own start with two underscores, and a topic has at most 249 characters. */
export const KAFKA_PREFIX: NameRule = {
  pattern: /^(?!__|_$)[A-Za-z0-9_.-]{1,200}$/,
  want: 'at most 200 letters, digits, _, - and ., such as "shop.", that no topic of Kafka itself starts with',
};

/** What subjects of NATS start with. Its own, on which answers travel, begin with an underscore. */
export const NATS_PREFIX: NameRule = {
  pattern: /^(?!_)(?=.{1,200}$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.$/,
  want: 'parts of a subject with a dot behind each, such as "shop.": at most 200 characters, and none of NATS itself',
};

/** Those of some names that break their rules, by the path at which they stand. */
export function nameProblems(names: readonly (readonly [path: string, name: string, rule: NameRule])[]): Problem[] {
  return names
    .filter(([, name, { pattern }]) => !pattern.test(name))
    .map(([path, name, { want }]) => ({ path, want, got: name || "nothing" }));
}
