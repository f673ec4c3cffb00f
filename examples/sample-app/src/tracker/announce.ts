import type { Logger } from "pino";
import type { Broker } from "../broker/broker.ts";
import { reasonOf } from "../retry.ts";
import type { LiveEvent } from "./events.ts";

/** Tells all processes. Never fails: what happened is in the database, whoever missed it reads it there. */
export type Announce = (event: LiveEvent) => Promise<void>;

export const announceBy =
  (broker: Broker, log: Logger): Announce =>
  (event) =>
    broker.broadcast(event.topic, JSON.stringify(event)).catch((error: unknown) => {
      log.warn({ type: event.type, reason: reasonOf(error) }, "event not broadcast");
    });
