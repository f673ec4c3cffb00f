import { StackName, System } from "../../support/systems";
import { Segments } from "./reachability";
import { Shop } from "./shop";
import { Tracker } from "./tracker";

/** Every port on which a service of any system listens. */
export const SERVICE_PORTS = [3000, 4222, 5432, 6379, 8000, 8222, 10080, 10100, 10101, 10443, 29092];

/** What has to hold of a system, stated without its program. */
export interface Expectation {
  /** Names of its services, sorted. */
  readonly services: readonly string[];
  /** Those that hold data. */
  readonly stores: readonly string[];
  /** Who shares a segment with whom. */
  readonly segments: (stack: StackName) => Segments;
  /** Segments with a way out of the host. */
  readonly open: readonly string[];
  /** Values that stand in for what is out of reach here. */
  readonly stubs: Readonly<Record<string, unknown>>;
  /** Uses the system, and gives what tells later whether it still knows. */
  readonly use: (origin: string, ca?: string) => Promise<() => Promise<boolean>>;
}

const WORKERS = ["notifications-worker", "recommendations-worker"];

const LUNCH_BOT: Expectation = {
  services: ["backend", "frontend", "kafka", "nginx", ...WORKERS, "postgres", "redis", "telegram-bot"].sort(),
  stores: ["kafka", "postgres", "redis"],
  segments: () => ({
    public: ["nginx"],
    calls: ["nginx", "backend", "frontend", "telegram-bot"],
    data: ["postgres", "redis", "kafka", "backend", ...WORKERS],
    egress: ["telegram-bot", "recommendations-worker"],
  }),
  open: ["public", "egress"],
  stubs: { "app.telegramStub": true, "app.telegramApiUrl": "http://backend:8000/stub/telegram" },
  use: async (origin) => {
    const shop = new Shop(origin);
    const order = await shop.order(await shop.anyItem());
    await shop.notified(order.id, 30);
    return async () => (await shop.orders()).some(({ id }) => id === order.id);
  },
};

const TASK_TRACKER: Expectation = {
  services: ["api", "dashboard", "nats", "nginx", "postgres", "worker"],
  stores: ["nats", "postgres"],
  segments: (stack) => ({
    public: ["nginx"],
    frontend: ["nginx", "dashboard", "api"],
    backend: ["api", "worker", "postgres", "nats"],
    egress: ["api", "worker"],
    ...(stack === "dev" && { published: ["postgres", "nats"] }),
  }),
  open: ["public", "egress", "published"],
  stubs: {},
  use: async (origin, ca) => {
    const tracker = new Tracker(origin, ca);
    const id = await tracker.post({ kind: "classify", durationMs: 100, key: `kept-${Date.now()}` });
    await tracker.done(id, 30);
    return async () => (await tracker.job(id)).effects === 1;
  },
};

export function expectationOf({ project }: System): Expectation {
  return project === "lunch-bot" ? LUNCH_BOT : TASK_TRACKER;
}
