import { JobEvent } from "../tracker";
import { WebSocketClient } from "./web-socket";

/** How long after a reopening that failed the next one is tried. */
const PAUSE_MS = 200;

/** A WebSocket that is open all the time: closed by the other side, for whatever reason, it is opened again at once. */
export class HeldSocket {
  /** How often it was closed, by code. */
  readonly closes: Record<number, number> = {};
  /** What went wrong when it was to be opened again. */
  readonly failedReopenings: string[] = [];
  readonly events: JobEvent[] = [];
  private socket: WebSocketClient | undefined;
  private isOver = false;

  private constructor(
    private readonly url: string,
    private readonly ca: string | undefined,
  ) {}

  static async hold(url: string, ca?: string): Promise<HeldSocket> {
    const held = new HeldSocket(url, ca);
    await held.open();
    return held;
  }

  end(): void {
    this.isOver = true;
    this.socket?.close();
  }

  private async open(): Promise<void> {
    this.socket = await WebSocketClient.open(this.url, {
      ca: this.ca,
      onText: (text) => this.events.push(JSON.parse(text) as JobEvent),
      onClose: (code) => {
        if (this.isOver) return;
        this.closes[code] = (this.closes[code] ?? 0) + 1;
        this.reopen();
      },
    });
    if (this.isOver) this.socket.close();
  }

  private reopen(): void {
    if (this.isOver) return;
    this.open().catch((error: unknown) => {
      this.failedReopenings.push((error as Error).message);
      setTimeout(() => {
        this.reopen();
      }, PAUSE_MS);
    });
  }
}
