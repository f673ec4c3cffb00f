/**
 * One server, attacked by logins of its own.
 *
 * @runs beside others
 * @covers components/services/postgres components/services/scripts/postgres components/secrets/ images/
 */
import { Acts, RealServer } from "./support/real-server";
import { eventually } from "./support/run";
import { ARRIVING, expectDone, LOGIN, OWNER, program, sessionsIn } from "./support/postgres-sessions";

describe("logins of Postgres", () => {
  let server: RealServer;
  let generation = 0;
  /** The login that is in use. */
  let live: Acts;

  const { sql, as, toCount } = sessionsIn(() => server);
  const succeedAs = async (...of: Parameters<typeof as>) => {
    const { code, output } = await as(...of);
    expect(`${code} ${output}`).toMatch(/^0 /);
  };
  /** Makes the new login, and leaves the old one. */
  const replaceLogin = async () => {
    const next = await server.acts(program(++generation));
    expectDone(await next.apply(LOGIN));
    const old = live;
    live = next;
    return old;
  };
  /** As an update does it: the new login, and then the old one taken back. */
  const rotate = async () => {
    const old = await replaceLogin();
    expectDone(await old.revoke(LOGIN));
    return old;
  };
  const superusers = () => sql("SELECT rolname FROM pg_roles WHERE rolsuper");
  const exists = (role: string) => sql(`SELECT count(*) FROM pg_roles WHERE rolname = '${role}'`);

  beforeAll(async () => {
    server = await RealServer.start("postgres", program(0));
    live = await server.acts(program(0));
    expectDone(await live.apply("postgres-roles"));
    expectDone(await live.apply(LOGIN));
    expectDone(await live.apply("watch-monitoring-login"));
  });
  afterAll(() => server.remove());

  test("enter their own database as the owner, and not those from which the server is administered", async () => {
    expect((await as(live, "SELECT current_user")).output.trim()).toBe(OWNER);
    for (const database of ["postgres", "template1"]) {
      expect((await as(live, "SELECT 1", database)).output).toMatch(/permission denied for database/);
    }
  });

  test("that watch the server do so where no application can make a function", async () => {
    const watch = (statement: string) => as(live, statement, "postgres", "watch-monitoring-login");
    expect((await watch("SELECT count(*) > 0 FROM pg_stat_database")).output.trim()).toBe("t");
    expect((await watch("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")).output).toMatch(/denied/);
    const health = ["psql", "-XtA", "-h", "127.0.0.1", "-U", "dockwright_health", "-c", "SELECT 1", "-d"];
    expect((await server.inside([...health, "postgres"])).output.trim()).toBe("1");
    expect((await server.inside([...health, "shop"])).code).not.toBe(0);
  });

  test("do not become superusers by functions that they put before the server's own", async () => {
    const trap = `SECURITY INVOKER LANGUAGE plpgsql AS $$ BEGIN
      BEGIN EXECUTE 'ALTER ROLE ${OWNER} SUPERUSER'; EXCEPTION WHEN OTHERS THEN NULL; END;
      RETURN 'SELECT 1'; END $$`;
    await succeedAs(
      live,
      `GRANT CREATE ON SCHEMA public TO PUBLIC;
       CREATE SCHEMA evil;
       CREATE FUNCTION evil.format(text, text) RETURNS text ${trap};
       CREATE FUNCTION evil.format(text, text, text) RETURNS text ${trap};
       CREATE FUNCTION evil.format(text, name) RETURNS text ${trap};
       CREATE FUNCTION evil.format(text, name, text) RETURNS text ${trap};
       CREATE FUNCTION evil.pg_terminate_backend(int, int) RETURNS text ${trap};
       CREATE FUNCTION evil.gen_random_uuid() RETURNS text ${trap};
       CREATE VIEW evil.pg_roles AS SELECT * FROM pg_catalog.pg_roles WHERE evil.format('', '') = '';
       ALTER DATABASE shop SET search_path = evil, pg_catalog;`,
    );
    await rotate();
    const changed = await server.acts(program(generation, { extensions: ["citext", "vector", "xml2"] }));
    expectDone(await changed.apply("postgres-roles"));
    expect(await superusers()).toBe("postgres");
    expect(await sql(`SELECT rolsuper FROM pg_roles WHERE rolname = '${OWNER}'`)).toBe("f");
    const extensions = "SELECT string_agg(extname || ' ' || nspname, ', ' ORDER BY extname) FROM pg_extension";
    expect(await sql(`${extensions} JOIN pg_namespace n ON n.oid = extnamespace WHERE nspname = 'public'`)).toBe(
      "citext public, vector public, xml2 public",
    );
    expect(await sql("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'dockwright%'")).toBe("0");
  });

  test("are revoked whatever they set for sessions of the database and of their own", async () => {
    await succeedAs(
      live,
      `SET ROLE NONE;
       CREATE TABLE public.mine (id int); SELECT lo_create(0);
       ALTER ROLE CURRENT_USER SET default_transaction_read_only = on;
       SET ROLE ${OWNER};
       ALTER DATABASE shop SET default_transaction_read_only = on;
       ALTER DATABASE shop SET datestyle = 'ISO, DMY';
       ALTER DATABASE shop SET role = '${OWNER}';
       ALTER DATABASE shop SET lock_timeout = '1ms';`,
    );
    const old = await rotate();
    expect(await exists(old.nameOf(LOGIN))).toBe("0");
    expect((await as(old, "SELECT 1")).output).toMatch(/password authentication failed/);
    await sql("ALTER DATABASE shop RESET ALL", "postgres");
    expect(await sql("SELECT tableowner FROM pg_tables WHERE tablename = 'mine'")).toBe(OWNER);
  });

  test("are revoked whatever they own, in any database, and what they own is the owner's then", async () => {
    await sql("CREATE DATABASE reports", "postgres");
    await sql("GRANT CREATE ON SCHEMA public TO PUBLIC", "reports");
    await succeedAs(
      live,
      `SET ROLE NONE; SELECT lo_create(4711);
       CREATE TABLE note (text text); INSERT INTO note VALUES ('kept');
       ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;`,
      "reports",
    );
    await sql(`ALTER DATABASE reports OWNER TO ${live.nameOf(LOGIN)}`, "postgres");
    await succeedAs(live, "SET ROLE NONE; ALTER DATABASE reports ALLOW_CONNECTIONS false");
    const old = await rotate();
    expect(await exists(old.nameOf(LOGIN))).toBe("0");
    const owners = `SELECT tableowner FROM pg_tables WHERE tablename = 'note'
      UNION ALL SELECT pg_get_userbyid(lomowner)::text FROM pg_largeobject_metadata WHERE oid = 4711
      UNION ALL SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = 'reports'
      UNION ALL SELECT text FROM public.note`;
    expect((await sql(owners, "reports")).split("\n")).toEqual([OWNER, OWNER, OWNER, "kept"]);
  });

  test("are revoked though they hold a change of their own role open, and their sessions end", async () => {
    const held = as(live, "SET ROLE NONE; BEGIN; ALTER ROLE CURRENT_USER SET work_mem = '1MB'; SELECT pg_sleep(100)");
    const waiting = `SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND usename = '${live.nameOf(LOGIN)}'`;
    await toCount(waiting);
    const old = await rotate();
    expect(await exists(old.nameOf(LOGIN))).toBe("0");
    expect((await held).output).toMatch(/terminating connection/);
  });

  test("are revoked though a session of theirs is not among the sessions yet", async () => {
    const old = await replaceLogin();
    const late = as(old, "CREATE TABLE public.late (id int)", "shop", LOGIN, "-c post_auth_delay=30");
    await toCount(ARRIVING);
    expectDone(await old.revoke(LOGIN));
    expect(await exists(old.nameOf(LOGIN))).toBe("0");
    expect((await late).output).toMatch(/terminating connection/);
    expect(await sql("SELECT count(*) FROM pg_tables WHERE tablename = 'late'")).toBe("0");
  });

  test("are revoked once more though the role is gone and a session is left", async () => {
    const login = `late-${LOGIN}`;
    const one = await server.acts(program(generation, {}, "late-my-api"));
    expectDone(await one.apply(login));
    const late = as(one, "SELECT pg_sleep(50)", "shop", login, "-c post_auth_delay=4");
    await toCount(ARRIVING);
    await sql(`DROP ROLE ${one.nameOf(login)}`, "postgres");
    await toCount("SELECT count(*) FROM pg_stat_activity WHERE usesysid IS NOT NULL AND usename IS NULL");
    expectDone(await one.revoke(login));
    expect((await late).output).toMatch(/terminating connection/);
  });

  test("are revoked though thirty clients of theirs come again and again to change their role", async () => {
    const old = await replaceLogin();
    const hold = "SET ROLE NONE; BEGIN; ALTER ROLE CURRENT_USER PASSWORD 'x'; SELECT pg_sleep(1000)";
    const client = `psql -X -h 127.0.0.1 -U ${old.nameOf(LOGIN)} -d shop -c "${hold}" 2>&1`;
    const loop = `for each in $(seq 30); do
      (end=$(($(date +%s) + 55)); until ${client} | grep -q 'authentication failed' || [ $(date +%s) -gt $end ]; do :; done) &
    done; wait`;
    const clients = server.inside(["bash", "-c", loop], "", { PGPASSWORD: old.passwordOf(LOGIN) });
    const holding = `SELECT count(*) > 25 FROM pg_stat_activity WHERE usename = '${old.nameOf(LOGIN)}'`;
    await eventually("the clients to hold their role", 30, async () =>
      (await sql(holding)) === "t" ? true : undefined,
    );
    expectDone(await old.revoke(LOGIN));
    expect(await exists(old.nameOf(LOGIN))).toBe("0");
    await clients;
  });

  test("are revoked though another's open change of its own role is in the way", async () => {
    const login = `late-${LOGIN}`;
    const other = await server.acts(program(generation, {}, "late-my-api"));
    expectDone(await other.apply(login));
    const hold =
      "SET ROLE NONE; BEGIN; ALTER ROLE CURRENT_USER SET work_mem = '1MB'; ALTER ROLE CURRENT_USER PASSWORD 'x'";
    const held = as(other, `${hold}; SELECT pg_sleep(55)`, "shop", login);
    const holding = `SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND usename = '${other.nameOf(login)}'`;
    await toCount(holding);
    await rotate();
    expect((await held).output).toMatch(/terminating connection/);
    expectDone(await other.revoke(login));
  });

  test("are revoked though somebody without a password has taken all slots", async () => {
    const old = await replaceLogin();
    // Who has told a name, be it nobody's, has a slot for as long as he lets the server wait for the password.
    const hello = "\\0\\0\\0\\020\\0\\3\\0\\0user\\0x\\0\\0";
    const open = `for each in $(seq 130); do exec {socket}<>/dev/tcp/127.0.0.1/5432; printf '${hello}' >&$socket; done; sleep 12`;
    const flood = server.inside(["bash", "-c", open]);
    await eventually("no slot to be left", 15, async () => {
      const { output } = await server.inside(["psql", "-X", "-U", "postgres", "-c", "SELECT 1"]);
      return output.includes("too many clients") || undefined;
    });
    expectDone(await old.revoke(LOGIN));
    expect(await exists(old.nameOf(LOGIN))).toBe("0");
    await flood;
  });

  test("are told from those of people by their mark alone", async () => {
    const people = ["shop_owner_metabase", "shop_owner_readonly"];
    for (const name of people) await sql(`CREATE ROLE ${name} LOGIN PASSWORD 'of-people'`, "postgres");
    await sql('CREATE ROLE "x\nours shop_owner_readonly" LOGIN', "postgres");
    const names = [live.nameOf(LOGIN), live.nameOf("watch-monitoring-login")].sort();
    const listed = await live.list(LOGIN);
    expect(listed.filter((line) => line.startsWith("ours "))).toEqual(names.map((name) => `ours ${name}`));
    expect(listed.filter((line) => line.startsWith("other "))).toEqual([
      ...people.map((name) => `other ${name}`),
      "other x?ours shop_owner_readonly",
    ]);
  });

  test("that were made without a mark get it, and go on with their sessions", async () => {
    await sql(`COMMENT ON ROLE ${live.nameOf(LOGIN)} IS NULL`, "postgres");
    expect(await live.list(LOGIN)).toContain(`other ${live.nameOf(LOGIN)}`);
    expectDone(await live.apply(LOGIN));
    expect(await live.list(LOGIN)).toContain(`ours ${live.nameOf(LOGIN)}`);
    // Who may set a comment could otherwise have his own revoked, or keep one from it.
    expect((await as(live, `SET ROLE NONE; COMMENT ON ROLE ${live.nameOf(LOGIN)} IS 'x'`)).output).toMatch(/denied/);
  });

  test("have their passwords in no statement, be it waited for or logged", async () => {
    await sql("ALTER SYSTEM SET log_statement = 'all'", "postgres");
    await sql("SELECT pg_reload_conf()", "postgres");
    const login = live.nameOf(LOGIN);
    const blocker = server.inside(
      ["psql", "-XqtA", "-U", "postgres"],
      `BEGIN; ALTER ROLE ${login} CONNECTION LIMIT 9; SELECT pg_sleep(8); ROLLBACK;`,
    );
    const activity = (condition: string) =>
      eventually(condition, 30, async () => {
        const query = `SELECT query FROM pg_stat_activity WHERE ${condition} AND pid <> pg_backend_pid()`;
        return (await as(live, query, "postgres", "watch-monitoring-login")).output || undefined;
      });
    await activity("wait_event = 'PgSleep'");
    const applying = live.apply(LOGIN);
    const statement = await activity("wait_event_type = 'Lock'");
    expect(statement).toMatch(new RegExp(`ALTER ROLE "?${login}"? LOGIN .*PASSWORD 'SCRAM-SHA-256\\$`));
    expectDone(await applying);
    await blocker;
    expect(statement).not.toContain(live.passwordOf(LOGIN));
    const log = await server.log();
    expect(log).toContain(login);
    expect(log).not.toContain(live.passwordOf(LOGIN));
    await sql("ALTER SYSTEM RESET log_statement", "postgres");
    await sql("SELECT pg_reload_conf()", "postgres");
  });

  test("have names of their own in each generation, however long owner and service are called", async () => {
    const owner = "o".repeat(63);
    const long = (number: number) => program(number, { owner }, "s".repeat(40));
    const login = `${"s".repeat(40)}-database-login`;
    const [one, two] = [await server.acts(long(1)), await server.acts(long(2))];
    expectDone(await one.apply("postgres-roles"));
    expectDone(await one.apply(login));
    expectDone(await two.apply(login));
    expectDone(await one.revoke(login));
    expect(await exists(two.nameOf(login))).toBe("1");
    expect((await as(two, "SELECT 1", "shop", login)).output.trim()).toBe("1");
    expect((await as(one, "SELECT 1", "shop", login)).output).toMatch(/password authentication failed/);
  });
});
