import type { Logger } from "pino";
import type { z } from "zod";
import { kafka, nats } from "../env/fragments.ts";
import type { Broker, BrokerUse } from "./broker.ts";

/**
 * The broker of this process, chosen here and nowhere else by the variables that are there. `shape` is what `loadEnv` is
 * to read; clients are loaded on demand, because nobody needs both.
 */
export function brokerOf(env: NodeJS.ProcessEnv) {
  const viaNats = Boolean(env["NATS_URL"]);
  const { KAFKA_BROKER_URL, ...otherKafka } = kafka;
  const shape = {
    ...otherKafka,
    KAFKA_BROKER_URL: viaNats ? KAFKA_BROKER_URL.optional() : KAFKA_BROKER_URL,
    ...nats,
    NATS_URL: nats.NATS_URL.optional(),
  };
  return { shape, create };
}

type Shape = ReturnType<typeof brokerOf>["shape"];
type Settings = z.infer<z.ZodObject<Shape>>;

async function create(settings: Settings, use: BrokerUse, log: Logger): Promise<Broker> {
  const { NATS_URL, KAFKA_BROKER_URL = [] } = settings;
  if (NATS_URL) return new (await import("./nats/nats-broker.ts")).NatsBroker({ ...settings, NATS_URL }, use, log);
  return new (await import("./kafka/kafka-broker.ts")).KafkaBroker({ ...settings, KAFKA_BROKER_URL }, use, log);
}
