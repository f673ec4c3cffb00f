import { z } from "zod";

import { Check } from "./checks";
import { POSTGRES_ROLE } from "./server-names";

/** `database`: what the database server is asked for. */
export const databaseFragment = () =>
  z
    .strictObject({
      maxConnections: z
        .int()
        .min(20)
        .max(1000)
        .default(100)
        .meta({ description: "Connections that Postgres takes at once; each needs memory.", examples: [200] }),
      formerSuperuser: z
        .string()
        .regex(POSTGRES_ROLE.pattern, POSTGRES_ROLE.want)
        .optional()
        .meta({
          description:
            "Superuser of a data volume that was not made here, as `POSTGRES_USER` named it. Without it the owner's name.",
          examples: ["app_user"],
        }),
    })
    .prefault({});

/** Connections that one service may open. */
export interface ConnectionUse {
  /** Its name. */
  readonly service: string;
  /** Containers side by side. @default 1 */
  readonly replicas?: number;
  /** Processes of each container. @default 1 */
  readonly processes?: number;
  /** Connections of each process at most: its pool and what it may open beyond. */
  readonly connections: number;
  /** Whether old and new containers run side by side in an update. @default true */
  readonly overlap?: boolean;
}

/** What {@link connectionsFit} looks at. */
export interface DatabaseSettings {
  /** How many connections the server takes. */
  readonly database: Pick<z.output<ReturnType<typeof databaseFragment>>, "maxConnections">;
}

/** Arguments of {@link connectionsFit}. */
export interface ConnectionsArgs<Settings> {
  /** Keys that `uses` looks at, such as `replicas.api`. */
  readonly reads: readonly string[];
  /** The services that open connections. */
  readonly uses: (settings: Settings) => readonly ConnectionUse[];
}

/** Three that Postgres keeps back for its superuser, one for the health check, one for a look from outside. */
const KEPT_BACK = 5;

/** The rule that Postgres takes all connections there can be, also while old and new containers run side by side. */
export function connectionsFit<Settings extends DatabaseSettings>({
  reads,
  uses,
}: ConnectionsArgs<Settings>): Check<Settings> {
  const path = "database.maxConnections";
  return {
    name: "connections fit",
    reads: [path, ...reads],
    violations: (settings) => {
      const all = uses(settings).map((use) => ({ service: use.service, most: mostConnections(use) }));
      const least = all.reduce((sum, { most }) => sum + most, KEPT_BACK);
      if (least <= settings.database.maxConnections) return [];
      const parts = [...all.map(({ service, most }) => `${most} of ${service}`), `${KEPT_BACK} kept back`];
      const fix = `pulumi config set --path '${path}' ${least}, or lower ${reads.join(", ")}`;
      return [{ path, want: `${least} or more, in an update that is ${parts.join(", ")}`, fix }];
    },
  };
}

function mostConnections({ replicas = 1, processes = 1, connections, overlap = true }: ConnectionUse): number {
  return replicas * processes * connections * (overlap ? 2 : 1);
}
