import { randomBytes, randomUUID } from "node:crypto";

import { eventually } from "../run";
import { Call } from "./connections";
import { HeldSocket } from "./held-socket";
import { Query, turn, Workload } from "./workload";

/** Two hundred requests by kind: a second's, at full pace. */
const MIX = { post: 3, write: 10, similar: 47, job: 80, page: 10, list: 50 } as const;
type Kind = keyof typeof MIX;

const [SHORTEST_JOB_MS, LONGEST_JOB_MS] = [100, 3000];
/** Jobs that wait for a worker which is being replaced come on top. */
const SETTLING_SECONDS = 90;

/** People of Task Tracker: they hand in jobs, look how they get on, write messages and look for like ones. */
export class TaskTrackerLoad implements Workload {
  /** Marks the jobs of this load. */
  private readonly mark = `load-${randomUUID().slice(0, 8)}`;
  /** Ids of the jobs that were acknowledged, by key. */
  private readonly jobs = new Map<string, string>();
  private readonly ids: string[] = [];
  private readonly texts: string[] = [];
  private readonly kinds = spread();

  private constructor(
    private readonly query: Query,
    readonly live: HeldSocket,
  ) {}

  static async prepare(origin: string, query: Query, ca?: string): Promise<TaskTrackerLoad> {
    return new TaskTrackerLoad(query, await HeldSocket.hold(`${origin}/ws?topics=jobs`, ca));
  }

  readonly next = (n: number): Call => this[turn(this.kinds, n)](n);

  readonly quiet = (): Call => this.list();

  /** Every job that was acknowledged is done, and its effect was applied once. */
  readonly settled = async (): Promise<string[]> => {
    const rows = () =>
      this.query(`SELECT j.key, j.id, j.state, count(e.id) FROM jobs j
        LEFT JOIN effects e ON e.job_id = j.id WHERE j.key LIKE '${this.mark}-%' GROUP BY 1, 2, 3`);
    const found = await eventually("every job to be done", SETTLING_SECONDS, async () => {
      const all = await rows();
      return all.every(([, , state]) => state === "done") ? all : undefined;
    }).catch(rows);
    const ids = new Map(found.map(([key = "", id]) => [key, id]));
    const lost = [...this.jobs].filter(([key, id]) => ids.get(key) !== id).map(([key]) => `job ${key} was lost`);
    const odd = found.filter(([, , state, effects]) => state !== "done" || effects !== "1");
    return [
      ...lost,
      ...odd.map(([key = "", , state = "", effects = ""]) => `job ${key} is ${state} with ${effects} effects`),
      ...this.live.failedReopenings.map((reason) => `the WebSocket could not be opened again: ${reason}`),
    ];
  };

  readonly remarks = (): string => {
    const closes = Object.entries(this.live.closes).map(([code, times]) => `${times} with ${code}`);
    const { events } = this.live;
    return `${this.jobs.size} jobs and ${this.texts.length} messages acknowledged, ${events.length} events, WebSocket closed: ${closes.join(", ") || "never"}`;
  };

  readonly end = (): Promise<void> => {
    this.live.end();
    return Promise.resolve();
  };

  private readonly list = (): Call => ({ path: "/api/jobs", want: 200 });

  private readonly page = (): Call => ({ path: "/", want: 200 });

  private readonly post = (n: number): Call => {
    const key = `${this.mark}-${n}`;
    // Most are short: one worker has to keep up.
    const durationMs = Math.round(SHORTEST_JOB_MS + (LONGEST_JOB_MS - SHORTEST_JOB_MS) * Math.random() ** 3);
    return {
      path: "/api/jobs",
      json: { kind: "load", durationMs, key },
      want: 202,
      look: (text) => {
        const { id } = JSON.parse(text) as { id: string };
        this.jobs.set(key, id);
        this.ids.push(id);
        return undefined;
      },
    };
  };

  private readonly job = (n: number): Call => {
    const id = this.ids[n % (this.ids.length || 1)];
    if (id === undefined) return this.list();
    const effects = /"effects":[01]\b/;
    const look = (text: string) => (effects.test(text) ? undefined : "its effect was applied twice");
    return { path: `/api/jobs/${id}`, want: 200, look };
  };

  private readonly write = (): Call => {
    // Words that no other message has: nothing is more like it than itself.
    const text = Array.from({ length: 4 }, () => randomBytes(4).toString("hex")).join(" ");
    return {
      path: "/api/messages",
      json: { text },
      want: 201,
      look: () => {
        this.texts.push(text);
        return undefined;
      },
    };
  };

  /** Any message, the first ones too: their key is the oldest. */
  private readonly similar = (n: number): Call => {
    const text = this.texts[(n * 7) % (this.texts.length || 1)];
    if (text === undefined) return this.list();
    const look = (answer: string) => (answer.includes(text) ? undefined : "a message was not found again");
    return { path: `/api/messages/similar?to=${encodeURIComponent(text)}`, want: 200, look };
  };
}

/** The mix in an order in which each kind comes evenly. */
function spread(): Kind[] {
  const kinds = Object.entries(MIX) as [Kind, number][];
  const places = kinds.flatMap(([kind, times]) =>
    Array.from({ length: times }, (_, index) => ({ kind, at: (index + 0.5) / times })),
  );
  return places.sort((a, b) => a.at - b.at).map(({ kind }) => kind);
}
