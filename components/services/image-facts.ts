/** What a product's official images differ in, in one table: the first process' user and its writable folders. */
export interface ImageFacts {
  /** Numeric `uid:gid`. */
  readonly user: string;
  /** Folder of the data volume; in the image `user` may write to it, which a fresh volume inherits. */
  readonly dataPath: string;
}

/** Base distribution of an official image. */
export type Variant = "debian" | "alpine";

export const IMAGE_FACTS = {
  postgres: {
    debian: { user: "999:999", dataPath: "/var/lib/postgresql/data" },
    alpine: { user: "70:70", dataPath: "/var/lib/postgresql/data" },
  },
  redis: {
    debian: { user: "999:999", dataPath: "/data" },
    alpine: { user: "999:1000", dataPath: "/data" },
  },
  kafka: {
    debian: { user: "1000:1000", dataPath: "/var/lib/kafka/data" },
    alpine: { user: "1000:1000", dataPath: "/var/lib/kafka/data" },
  },
  // The Alpine variant, whatever the others are: the other one has no shell. It has no user and no folder of its own
  // either, so data lies where everybody may write.
  nats: {
    debian: { user: "1000:1000", dataPath: "/var/tmp" },
    alpine: { user: "1000:1000", dataPath: "/var/tmp" },
  },
  nginx: {
    debian: { user: "101:101", dataPath: "/var/cache/nginx" },
    alpine: { user: "101:101", dataPath: "/var/cache/nginx" },
  },
} as const satisfies Record<string, Record<Variant, ImageFacts>>;
