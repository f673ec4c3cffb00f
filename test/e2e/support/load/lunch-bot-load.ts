import { randomUUID } from "node:crypto";

import { ask } from "../ask";
import { eventually } from "../run";
import { Shop } from "../shop";
import { Call } from "./connections";
import { Query, turn, Workload } from "./workload";

/** Of twenty requests. */
const MIX = ["menu", "me", "menu", "order", "menu", "me", "menu", "page", "menu", "oldMe", "menu", "order"] as const;
const REST = ["menu", "me", "menu", "session", "menu", "order", "menu", "listed"] as const;

/** Sessions that are used side by side, the newest ones. */
const SESSIONS = 20;
const SETTLING_SECONDS = 60;

/** Guests of Lunch Bot: they read the menu, order, log in and ask who they are. */
export class LunchBotLoad implements Workload {
  /** Marks the orders of this load. */
  private readonly mark = `load-${randomUUID().slice(0, 8)}`;
  /** Ids of the orders that were acknowledged, by key. */
  private readonly orders = new Map<string, string>();
  private readonly sessions: { user: string; token: string }[] = [];

  private constructor(
    private readonly item: string,
    private readonly query: Query,
    /** The session that is used from the beginning to the end. */
    private readonly oldest: { user: string; token: string },
  ) {}

  static async prepare(origin: string, query: Query): Promise<LunchBotLoad> {
    const { text } = await ask(`${origin}/api/v1/session`, { json: { user: "first" } });
    const { token } = JSON.parse(text) as { token: string };
    return new LunchBotLoad(await new Shop(origin).anyItem(), query, { user: "first", token });
  }

  readonly next = (n: number): Call => this[turn([...MIX, ...REST], n)](n);

  readonly quiet = (): Call => this.oldMe();

  /** Every order that was acknowledged is there once, and became one notification. */
  readonly settled = async (): Promise<string[]> => {
    const rows = () =>
      this.query(`SELECT o.idempotency_key, o.id, count(n.id) FROM orders o
        LEFT JOIN notifications n ON n.order_id = o.id WHERE o.idempotency_key LIKE '${this.mark}-%' GROUP BY 1, 2`);
    const found = await eventually("a notification of every order", SETTLING_SECONDS, async () => {
      const all = await rows();
      return all.every(([, , notifications]) => notifications !== "0") ? all : undefined;
    }).catch(rows);
    const ids = new Map(found.map(([key = "", id]) => [key, id]));
    const lost = [...this.orders].filter(([key, id]) => ids.get(key) !== id).map(([key]) => `order ${key} was lost`);
    const odd = found.filter(([, , notifications]) => notifications !== "1");
    return [...lost, ...odd.map(([key = "", , count = ""]) => `order ${key} became ${count} notifications`)];
  };

  readonly remarks = (): string => `${this.orders.size} orders acknowledged`;

  readonly end = (): Promise<void> => Promise.resolve();

  private readonly menu = (): Call => ({
    path: "/api/v1/menu",
    want: 200,
    look: (text) => (text.includes(this.item) ? undefined : "the menu lacks a dish"),
  });

  private readonly page = (): Call => ({ path: "/", want: 200 });

  private readonly listed = (): Call => ({ path: "/api/v1/orders", want: 200 });

  private readonly order = (n: number): Call => {
    const key = `${this.mark}-${n}`;
    return {
      path: "/api/v1/orders",
      headers: { "idempotency-key": key },
      json: { item: this.item, customer: "load" },
      want: 201,
      look: (text) => {
        this.orders.set(key, (JSON.parse(text) as { id: string }).id);
        return undefined;
      },
    };
  };

  private readonly session = (n: number): Call => ({
    path: "/api/v1/session",
    json: { user: `guest-${n}` },
    want: 201,
    look: (text) => {
      this.sessions.push({ user: `guest-${n}`, token: (JSON.parse(text) as { token: string }).token });
      return undefined;
    },
  });

  /** The newest sessions first: they come from whichever container has started last. */
  private readonly me = (n: number): Call => whoAmI(this.sessions.at(-1 - (n % SESSIONS)) ?? this.oldest);

  private readonly oldMe = (): Call => whoAmI(this.oldest);
}

function whoAmI({ user, token }: { user: string; token: string }): Call {
  return {
    path: "/api/v1/me",
    headers: { authorization: `Bearer ${token}` },
    want: 200,
    look: (text) => ((JSON.parse(text) as { user: string }).user === user ? undefined : "somebody else's session"),
  };
}
