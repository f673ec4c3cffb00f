import { AckPolicy, DeliverPolicy, type Consumer, type JetStreamManager, type JsMsg } from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import type { Logger } from "pino";
import { backoffMs, reasonOf } from "../../retry.ts";
import { pause } from "../../stop.ts";
import { type ConsumeOptions, GiveBack } from "../broker.ts";
import { consumerDiffers, isApiError } from "./client.ts";

/** Without a word for this long a message goes to someone else: a killed worker's work waits no longer. */
const ackWaitMs = 6_000;
const inProgressEveryMs = ackWaitMs / 3;

/** How long one request for a message waits for one; a stop waits as long. */
const pullMs = 1_000;
const proveEveryMs = 2_000;

/** Makes the durable consumer that all members of a group share. */
export async function ensureConsumer(manager: JetStreamManager, stream: string, group: string): Promise<void> {
  const config = {
    durable_name: group,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ackWaitMs),
    max_deliver: -1,
  };
  await manager.consumers.add(stream, config).catch((error: unknown) => {
    if (!isApiError(error, consumerDiffers)) throw error;
    return manager.consumers.update(stream, group, config);
  });
}

export interface Attachment {
  readonly consumer: Consumer;
  /** Makes anew what is missing, on a server that lost its data. */
  readonly restore: () => Promise<unknown>;
}

/**
 * Pulls messages one by one in parallel loops, so that none waits in this process while others could take it. An outage
 * ends no loop, since messages are in hand that shall not wait for each other. Returns when they are done after a stop.
 */
export async function pullUntilStopped(attachment: Attachment, options: ConsumeOptions, log: Logger): Promise<void> {
  const { handle, concurrency = 1, stop } = options;
  const pull = async () => {
    const message = await nextMessage(attachment.consumer);
    if (message && stop.aborted) message.nak();
    else if (message) await settle(message, handle, log);
  };
  const pullLoop = async () => {
    // That it failed shows in the proofs, too, which report it.
    while (!stop.aborted) await pull().catch(() => pause(pullMs, stop));
  };
  await Promise.all([prove(attachment, options, log), ...Array.from({ length: concurrency }, pullLoop)]);
}

/** Asks for the consumer again and again: proves connection, login and JetStream, also while every loop is busy. */
async function prove({ consumer, restore }: Attachment, { pulse, stop }: ConsumeOptions, log: Logger): Promise<void> {
  for (let attached = true; !stop.aborted; await pause(proveEveryMs, stop)) {
    try {
      await consumer.info();
      pulse.proof();
      if (!attached) log.info("attached again");
      attached = true;
    } catch (error) {
      pulse.lost();
      if (attached) log.warn({ reason: reasonOf(error) }, "attached no longer");
      attached = false;
      await restore().catch(() => undefined);
    }
  }
  pulse.lost();
}

async function nextMessage(consumer: Consumer): Promise<JsMsg | undefined> {
  const messages = await consumer.fetch({ max_messages: 1, expires: pullMs });
  // Without a connection it would wait for the next one, however long that takes.
  const late = setTimeout(() => messages.stop(Object.assign(new Error(), { code: "timeout" })), 3 * pullMs);
  try {
    for await (const message of messages) return message;
    return undefined;
  } finally {
    clearTimeout(late);
  }
}

/** Acknowledged only after its handling, and kept from others until then, for up to as long as this process lives. */
async function settle(message: JsMsg, handle: ConsumeOptions["handle"], log: Logger): Promise<void> {
  const keep = setInterval(() => message.working(), inProgressEveryMs);
  try {
    await handle(message.string());
  } catch (error) {
    const delayMs = error instanceof GiveBack ? 0 : backoffMs(message.info.deliveryCount);
    if (delayMs > 0) log.warn({ reason: reasonOf(error), delayMs }, "handling failed, the message comes again");
    message.nak(delayMs || undefined);
    return;
  } finally {
    clearInterval(keep);
  }
  // Unconfirmed, it comes again, which is what the handler has to bear anyway.
  await message.ackAck().catch((error: unknown) => log.warn({ reason: reasonOf(error) }, "acknowledgement lost"));
}
