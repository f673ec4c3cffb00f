import { attachedFreshMs, type Broker, type ConsumeOptions } from "../broker/broker.ts";
import { Heartbeat } from "./heartbeat.ts";

/** Consumes until told to stop, with a sign of life in the file for as long as it is attached. */
export async function consumeWithHeartbeat(
  broker: Broker,
  heartbeatFile: string,
  options: Omit<ConsumeOptions, "pulse">,
): Promise<void> {
  const pulse = new Heartbeat(heartbeatFile, attachedFreshMs);
  try {
    await broker.consume({ ...options, pulse });
  } finally {
    pulse.end();
  }
}
