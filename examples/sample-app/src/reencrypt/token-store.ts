import type { ClientBase } from "pg";

export interface StoredToken {
  readonly id: string;
  readonly token: string;
}

export interface Replacement extends StoredToken {
  readonly newToken: string;
}

/** What re-encrypting needs of the messages. */
export interface TokenStore {
  /** At most `count` rows without the kid, in the order of their ids: those after the given id, or the first ones. */
  after(id: string | undefined, count: number): Promise<StoredToken[]>;
  /** Replaces each token that is still as it was read, notes the kid, and gives the number of those rows. */
  replace(replacements: readonly Replacement[]): Promise<number>;
  /** Notes the kid for each token that is still as it was read, and gives the number of those rows. */
  note(tokens: readonly StoredToken[]): Promise<number>;
}

/**
 * The table `messages`, as seen by who encrypts with the key `kid`. Each call is one statement and so one transaction:
 * rows are locked for as long as it takes.
 */
export function tokenStore(client: ClientBase, kid: string): TokenStore {
  return {
    after: async (id, count) => {
      const { rows } = await client.query<StoredToken>(
        `SELECT id, token FROM messages WHERE kid IS DISTINCT FROM $1 AND ($2::uuid IS NULL OR id > $2)
         ORDER BY id LIMIT $3`,
        [kid, id ?? null, count],
      );
      return rows;
    },
    replace: async (replacements) => {
      const { rowCount } = await client.query(
        `UPDATE messages SET token = r.new_token, kid = $1
         FROM unnest($2::uuid[], $3::text[], $4::text[]) AS r (id, token, new_token)
         WHERE messages.id = r.id AND messages.token = r.token`,
        [
          kid,
          replacements.map(({ id }) => id),
          replacements.map(({ token }) => token),
          replacements.map(({ newToken }) => newToken),
        ],
      );
      return rowCount ?? 0;
    },
    note: async (tokens) => {
      const { rowCount } = await client.query(
        `UPDATE messages SET kid = $1 FROM unnest($2::uuid[], $3::text[]) AS r (id, token)
         WHERE messages.id = r.id AND messages.token = r.token`,
        [kid, tokens.map(({ id }) => id), tokens.map(({ token }) => token)],
      );
      return rowCount ?? 0;
    },
  };
}
