import type { Redis } from "../clients/redis.ts";

const lockKey = "lunch-bot:telegram-stub:poller";
const updatesKey = "lunch-bot:telegram-stub:updates";
const counterKey = "lunch-bot:telegram-stub:counter";
const sentKey = "lunch-bot:telegram-stub:sent";

/** Short: a replica that is killed while a bot polls it must not shut the next poll out for long. */
const lockMs = 2_000;

const whenHolder = (act: string) => `if redis.call('GET', KEYS[1]) == ARGV[1] then return ${act} end return 0`;
const keepScript = whenHolder("redis.call('PEXPIRE', KEYS[1], ARGV[2])");
const unlockScript = whenHolder("redis.call('DEL', KEYS[1])");

/** What the stub of Telegram remembers. */
export class StubState {
  readonly #cache: Redis;

  constructor(cache: Redis) {
    this.#cache = cache;
  }

  async lock(holder: string): Promise<boolean> {
    return (
      (await this.#cache.set(lockKey, holder, {
        condition: "NX",
        expiration: { type: "PX", value: lockMs },
      })) === "OK"
    );
  }

  /** Prolongs the lock; false when another poller has it by now. */
  async keep(holder: string): Promise<boolean> {
    return (
      (await this.#cache.eval(keepScript, {
        keys: [lockKey],
        arguments: [holder, String(lockMs)],
      })) === 1
    );
  }

  async unlock(holder: string): Promise<void> {
    await this.#cache.eval(unlockScript, { keys: [lockKey], arguments: [holder] });
  }

  async add(message: object): Promise<number> {
    const id = await this.#cache.incr(counterKey);
    const value = JSON.stringify({ update_id: id, message: { message_id: id, ...message } });
    await this.#cache.zAdd(updatesKey, { score: id, value });
    return id;
  }

  /** A poll from `offset` confirms everything before it. */
  async confirm(offset: number): Promise<void> {
    await this.#cache.zRemRangeByScore(updatesKey, "-inf", `(${offset}`);
  }

  async updates(offset: number): Promise<unknown[]> {
    const rows = await this.#cache.zRangeByScore(updatesKey, offset, "+inf", {
      LIMIT: { offset: 0, count: 100 },
    });
    return rows.map((row) => JSON.parse(String(row)) as unknown);
  }

  /** Remembers the last hundred messages that a bot sent. */
  async send(message: { chat_id: number; text: string }): Promise<object> {
    await this.#cache.multi().lPush(sentKey, JSON.stringify(message)).lTrim(sentKey, 0, 99).exec();
    return { message_id: 0, chat: { id: message.chat_id }, text: message.text };
  }

  async sent(): Promise<unknown[]> {
    return (await this.#cache.lRange(sentKey, 0, -1)).map((row) => JSON.parse(String(row)) as unknown);
  }
}
