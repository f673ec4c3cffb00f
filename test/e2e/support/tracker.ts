import { Answer, ask } from "./ask";
import { eventually } from "./run";

/** A job as the sample application takes it. */
export interface JobRequest {
  readonly kind: string;
  /** How long it takes, from 100 to 60,000 ms. */
  readonly durationMs: number;
  /** The same key is the same job. */
  readonly key: string;
}

/** A job as the sample application answers it. */
export interface Job {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
  /** How often its effect was applied. */
  readonly effects: number;
}

/** An event as it comes over a WebSocket. */
export interface JobEvent {
  readonly topic: string;
  readonly type: string;
  readonly jobId: string;
}

/** The application of Task Tracker, used from outside through nginx. */
export class Tracker {
  constructor(
    private readonly origin: string,
    private readonly ca?: string,
  ) {}

  async health(): Promise<number> {
    return (await this.ask("/api/health")).status;
  }

  /** Posts a job; gives its id. */
  async post(job: JobRequest): Promise<string> {
    const answer = await this.ask("/api/jobs", job);
    if (answer.status !== 202) throw new Error(`a job answered ${answer.status}: ${answer.text}`);
    return (JSON.parse(answer.text) as Job).id;
  }

  async job(id: string): Promise<Job> {
    return this.read<Job>(`/api/jobs/${id}`);
  }

  /** Waits until a job has ended well. */
  async done(id: string, seconds: number): Promise<Job> {
    return eventually(`job ${id} to be done`, seconds, async () => {
      const job = await this.job(id);
      return job.state === "done" ? job : undefined;
    });
  }

  /** Waits until a worker has taken a job. */
  async running(id: string, seconds: number): Promise<Job> {
    return eventually(`job ${id} to run`, seconds, async () => {
      const job = await this.job(id);
      return job.state === "running" ? job : undefined;
    });
  }

  async postMessage(text: string): Promise<void> {
    const answer = await this.ask("/api/messages", { text });
    if (answer.status !== 201) throw new Error(`a message answered ${answer.status}: ${answer.text}`);
  }

  /** Texts of messages, those most like a text first. */
  async similar(text: string): Promise<string[]> {
    const path = `/api/messages/similar?to=${encodeURIComponent(text)}`;
    return (await this.read<{ messages: { text: string }[] }>(path)).messages.map((message) => message.text);
  }

  /** Opens a WebSocket and keeps what comes. */
  listen(topic: string): Promise<Listening> {
    return Listening.open(`${this.origin.replace(/^http/, "ws")}/ws?topics=${topic}`);
  }

  ask(path: string, json?: unknown): Promise<Answer> {
    return ask(this.origin + path, { json, ...(this.ca !== undefined && { ca: this.ca }) });
  }

  private async read<Value>(path: string): Promise<Value> {
    const answer = await this.ask(path);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
    return JSON.parse(answer.text) as Value;
  }
}

/** An open WebSocket and the events that came over it. */
export class Listening {
  readonly events: JobEvent[] = [];

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener("message", ({ data }) => this.events.push(JSON.parse(String(data)) as JobEvent));
  }

  static open(url: string): Promise<Listening> {
    const socket = new WebSocket(url);
    const listening = new Listening(socket);
    return new Promise((resolve, reject) => {
      socket.addEventListener("open", () => {
        resolve(listening);
      });
      socket.addEventListener("error", () => {
        reject(new Error(`${url} opened no WebSocket`));
      });
    });
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Waits for an event of a job. */
  heard(jobId: string, type: string, seconds: number): Promise<JobEvent> {
    return eventually(`the event ${type} of job ${jobId}`, seconds, () =>
      Promise.resolve(this.events.find((event) => event.jobId === jobId && event.type === type)),
    );
  }

  close(): void {
    this.socket.close();
  }
}
