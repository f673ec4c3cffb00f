import { docker } from "./docker";
import { eventually, run, succeed } from "./run";

/** What a hand-written Compose file said of Postgres. */
export interface OldCluster {
  readonly image: string;
  readonly volume: string;
  readonly superuser: string;
  readonly password: string;
  readonly database: string;
  /** What was done in it. */
  readonly statements: string;
}

/** Fills a volume as the official image does for a hand-written Compose file, and leaves it there. */
export async function makeOldCluster({ image, volume, statements, ...old }: OldCluster): Promise<void> {
  const environment = {
    POSTGRES_USER: old.superuser,
    POSTGRES_PASSWORD: old.password,
    POSTGRES_DB: old.database,
  };
  const flags = Object.entries(environment).map(([name, value]) => `--env=${name}=${value}`);
  await docker("volume", "create", volume);
  const mount = `--volume=${volume}:/var/lib/postgresql/data`;
  const id = (await docker("run", "--detach", "--memory=512m", mount, ...flags, image)).trim();
  try {
    const psql = ["exec", "-i", id, "psql", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1"];
    const login = ["-U", old.superuser, "-d", old.database];
    await eventually("the old server", 60, async () =>
      (await run("docker", [...psql, ...login, "-tAc", "SELECT 1"])).code === 0 ? true : undefined,
    );
    await succeed("docker", [...psql, "-q", ...login], { input: statements });
    await docker("stop", "-t", "60", id);
  } finally {
    await docker("rm", "-f", id);
  }
}
