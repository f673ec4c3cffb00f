/** One migration of this image. */
export interface Migration {
  readonly revision: number;
  readonly name: string;
}

export interface Step extends Migration {
  readonly direction: "up" | "down";
}

const fileName = /^(\d{4})_(\w+)\.(up|down)\.sql$/;

/** Reads the migrations from their file names; each needs both ways, and no number may be missing. */
export function migrationsIn(files: readonly string[]): Migration[] {
  const parts = files.flatMap((file) => fileName.exec(file) ?? []).length / 4;
  if (parts !== files.length) throw new Error("migrations: want only files like 0001_name.up.sql");
  const ups = files.filter((file) => file.endsWith(".up.sql")).sort();
  return ups.map((file, index) => {
    const [, digits, name] = fileName.exec(file)!;
    if (Number(digits) !== index + 1) throw new Error(`migrations: want ${index + 1} next, got ${file}`);
    const down = file.replace(".up.", ".down.");
    if (!files.includes(down)) throw new Error(`migrations: want ${down} beside ${file}`);
    return { revision: Number(digits), name: name! };
  });
}

/**
 * What takes the schema from the applied revisions to the target.
 *
 * Without a target it only ever goes up, and a schema that is newer than this image is left as
 * it is: after a rollback of the application the old image meets the new schema, and expand and
 * contract makes sure that they fit.
 */
export function plan(applied: readonly number[], known: readonly Migration[], target?: number): Step[] {
  const newest = known.length;
  if (target !== undefined && (target < 0 || target > newest)) {
    throw new Error(`--to: want 0 to ${newest}, got ${target}`);
  }
  const done = new Set(applied);
  const end = target ?? newest;
  const ups = known.filter((m) => m.revision <= end && !done.has(m.revision));
  if (target === undefined) return ups.map((m) => ({ ...m, direction: "up" }));
  const downs = applied.filter((revision) => revision > target).sort((a, b) => b - a);
  return [
    ...downs.map((revision) => downStep(revision, known)),
    ...ups.map((m) => ({ ...m, direction: "up" as const })),
  ];
}

function downStep(revision: number, known: readonly Migration[]): Step {
  const migration = known.find((m) => m.revision === revision);
  if (!migration) throw new Error(`--to: revision ${revision} is newer than this image; use the image that made it`);
  return { ...migration, direction: "down" };
}

export interface MigrateArguments {
  /** Folder of the set of migrations. */
  readonly schema: Schema;
  readonly target: number | undefined;
}

/** One set of migrations for each system that this image runs. */
export const schemas = ["lunch-bot", "task-tracker"] as const;

export type Schema = (typeof schemas)[number];

/** Reads `--schema NAME` and `--to REV`; REV may be written 2 or 0002. */
export function migrateArguments(args: readonly string[]): MigrateArguments {
  let schema: Schema = "lunch-bot";
  let target: number | undefined;
  for (let at = 0; at < args.length; at += 2) {
    const [option, value = ""] = args.slice(at);
    const named = schemas.find((name) => name === value);
    if (option === "--schema" && named) schema = named;
    else if (option === "--to" && /^\d{1,4}$/.test(value)) target = Number(value);
    else throw new Error(`migrate: want --schema ${schemas.join(" or ")}, and --to REV, for example --to 0002`);
  }
  return { schema, target };
}
