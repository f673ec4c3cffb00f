/** Sessions with one server of Postgres, as its superuser and as its logins. */
import { DockerEngine, Postgres, PostgresArgs } from "../../../components";
import { serverArgs } from "../../support/services";
import { Acts, RealServer } from "./real-server";
import { eventually } from "./run";

/** The login that tests attack by. */
export const LOGIN = "my-api-database-login";

/** The role whose rights logins have. */
export const OWNER = "shop_owner";

/** A server with a login of a service, and one that watches. */
export const program =
  (generation: number, changes: Partial<PostgresArgs> = {}, service = "my-api") =>
  (platform: DockerEngine) => {
    const args = { ...serverArgs(platform), database: "shop", owner: OWNER, generation, ...changes };
    const component = new Postgres("postgres", args);
    const watched = { service: "watch", bindable: component.monitoring() };
    return { component, uses: [{ service, bindable: component }, watched] };
  };

/** A session on its way in is in no list of sessions. */
export const ARRIVING = `SELECT count(*) FROM pg_locks
  WHERE locktype = 'object' AND classid = 'pg_database'::regclass AND pid NOT IN (SELECT pid FROM pg_stat_activity)`;

/** An act has succeeded, and has had nothing to say. */
export const expectDone = ({ code, output }: { code: number; output: string }) => {
  expect(`${code} ${output}`).toBe("0 ");
};

/** How to open them. */
export function sessionsIn(server: () => RealServer) {
  const sql = async (statements: string, database = "shop") => {
    const command = ["psql", "-XqtA", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database];
    const { code, output } = await server().inside(command, statements, { PGOPTIONS: "-c search_path=pg_catalog" });
    if (code !== 0) throw new Error(output);
    return output.trim();
  };
  /** Runs statements as a login over TCP, on which a password is asked for. */
  const as = (acts: Acts, statements: string, database = "shop", login = LOGIN, PGOPTIONS = "") =>
    server().inside(
      ["psql", "-XqtA", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", acts.nameOf(login), "-d", database],
      statements,
      { PGPASSWORD: acts.passwordOf(login), PGOPTIONS },
    );
  /** Waits until a query counts one. */
  const toCount = (query: string) => eventually(query, 30, async () => ((await sql(query)) === "1" ? true : undefined));
  return { sql, as, toCount };
}
