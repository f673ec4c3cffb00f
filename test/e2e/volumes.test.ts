/**
 * @runs beside others
 * @minutes 4
 */
import * as fs from "node:fs";
import * as path from "node:path";

import { notDrawn } from "../support/draw";
import { LUNCH_BOT } from "../support/systems";
import { Deployment } from "./support/deployment";
import { docker, leftovers, serviceContainer } from "./support/docker";
import { answersTo, Login, loginsIn } from "./support/load/logins";
import { makeOldCluster } from "./support/old-cluster";
import { ProjectCopy } from "./support/project";
import { Shop } from "./support/shop";
import { secretFiles } from "./support/state";

const ROWS = 14_400;
const STORES = ["postgres", "redis", "kafka"];

/** Objects of every kind that belong to the role that was owner and superuser in one. */
const STATEMENTS = `
  CREATE TYPE mood AS ENUM ('good', 'bad');
  CREATE TABLE guests (id serial PRIMARY KEY, name text NOT NULL, mood mood);
  CREATE TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY, day date) PARTITION BY RANGE (day);
  CREATE TABLE visits_2026 PARTITION OF visits FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE VIEW names AS SELECT name FROM guests;
  CREATE MATERIALIZED VIEW counts AS SELECT count(*) FROM guests;
  CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE SCHEMA kitchen;
  CREATE SEQUENCE kitchen.tickets;
  INSERT INTO guests (name) SELECT 'guest ' || n FROM generate_series(1, ${ROWS}) AS n;
  CREATE ROLE reports LOGIN PASSWORD 'reports-of-old';
`;

/** Data that was there before the stack: of a hand-written Compose file, and of another stack. */
describe("volumes with a past", () => {
  const known: Login = {
    ...{ credential: "database", server: "postgres", service: "compose", port: 5432, database: "lunch_bot" },
    ...{ username: "lunchbot_user", password: "known-to-everybody" },
  };
  let copies: ProjectCopy[];
  let first: Deployment;
  let second: Deployment;
  let order: string;

  const dataVolume = ({ project }: Deployment, store: string) => `${project}-dev-${store}-data`;
  const query = async ({ project }: Deployment, sql: string) => {
    const { Id } = await serviceContainer(project, "postgres");
    return (await docker("exec", Id, "psql", "-X", "-U", "postgres", "-d", "lunch_bot", "-tAc", sql)).trim();
  };

  beforeAll(async () => {
    copies = [await ProjectCopy.create("past"), await ProjectCopy.create("again")];
    const [past, again] = copies as [ProjectCopy, ProjectCopy];
    first = await Deployment.prepare(past, LUNCH_BOT, "dev");
    second = await Deployment.prepare(again, LUNCH_BOT, "dev");
  });
  afterAll(async () => {
    for (const copy of copies) await copy.remove();
  });

  it("are adopted with their data: the superuser of old becomes postgres, and owns nothing of the applications", async () => {
    await first.devOk("images");
    const images = JSON.parse(fs.readFileSync(path.join(first.folder, ".dockwright/images.json"), "utf8")) as {
      postgres: string;
    };
    await makeOldCluster({
      ...{ image: images.postgres, volume: dataVolume(first, "postgres"), statements: STATEMENTS },
      ...{ superuser: known.username, password: known.password, database: "lunch_bot" },
    });
    const output = await first.up();
    expect(output).toMatch(/postgres: logins that this stack did not make still work: reports\n/);
    expect(await query(first, "SELECT count(*) FROM guests")).toBe(String(ROWS));
    expect(await query(first, "SELECT rolname FROM pg_roles WHERE rolsuper")).toBe("postgres");
    const owners = `SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
                    WHERE nspname IN ('public', 'kitchen') AND relkind IN ('r', 'p', 'v', 'm', 'S')`;
    expect(await query(first, owners)).toBe("lunchbot_user");
    const asOwner = "SET ROLE lunchbot_user; ALTER TABLE guests ADD note text; SELECT one(); DROP TYPE mood CASCADE";
    expect(await query(first, asOwner)).toContain("1");
  });

  it("lock out the password that was known", async () => {
    const reports = { ...known, username: "reports", password: "reports-of-old" };
    expect(await answersTo(first, [known, reports])).toEqual([
      "refused",
      'error: permission denied for database "lunch_bot"',
    ]);
  });

  it("serve the system that runs on them", async () => {
    const shop = new Shop(first.origin);
    order = (await shop.order(await shop.anyItem())).id;
    await shop.notified(order, 10);
    await first.expectNoChanges();
  });

  const undrawn = notDrawn("volumes with a past", ["adopted", "restored"], "restored");
  const restored = undrawn === undefined ? it : it.skip;
  restored("are restored into another stack, whose logins are new and the only ones", async () => {
    const old = loginsIn(await secretFiles(first));
    await Promise.all(STORES.map((store) => copyVolume(first, store)));
    const output = await second.up();
    for (const store of STORES) {
      const names = old.filter(({ server }) => server === store).map(({ username }) => username);
      expect(names.length).toBeGreaterThan(0);
      const line = new RegExp(`${store}: revoked logins that the state does not know: (.*)\n`).exec(output)?.[1] ?? "";
      expect(line.split(", ").sort()).toEqual(names.sort());
    }
    const shop = new Shop(second.origin);
    expect((await shop.orders()).map(({ id }) => id)).toContain(order);
    await shop.notified((await shop.order(await shop.anyItem())).id, 10);
    const logins = loginsIn(await secretFiles(second));
    const answers = await answersTo(second, [...old, ...logins]);
    expect(answers).toEqual([...old.map(() => "refused"), ...logins.map(() => "let in")]);
    expect(await second.devOk("up")).not.toMatch(/revoked/);
    await second.expectNoChanges();
  });

  /** As a backup has it: with all that was there while the stack ran. */
  const copyVolume = async (from: Deployment, store: string) => {
    const { Id, Config } = await serviceContainer(from.project, store);
    await docker("stop", "-t", "60", Id);
    const mounts = [`--volume=${dataVolume(from, store)}:/from:ro`, `--volume=${dataVolume(second, store)}:/to`];
    const command = ["--entrypoint=cp", Config.Image, "-a", "/from/.", "/to/"];
    await docker("run", "--rm", "--user=0:0", "--network=none", ...mounts, ...command);
    await docker("start", Id);
  };

  it("are gone after down --volumes", async () => {
    for (const { project } of [first, second]) {
      await copies.find(({ name }) => name === project)?.devOk("down", "--volumes");
      expect(await leftovers(project)).toEqual([]);
    }
  });
});
