import * as pulumi from "@pulumi/pulumi";

import { remember } from "./remember";
import { hostScript } from "./script";

/** The daemon a stack lives on, as it answered when the stack was made. */
export interface DaemonRecord {
  /** Docker's own id of the installation. */
  readonly id: string;
  /** The host's name. */
  readonly name: string;
  /** How it was reached. */
  readonly host: string;
}

const SCRIPT = hostScript(__dirname, "record-daemon.sh");

/**
 * Asks the daemon once who it is, so that the answer travels with the state. Where the address changes it is asked
 * again, and another daemon is refused. `./dev` finds it by type, parent and the end of its name.
 */
export function recordDaemon(
  name: string,
  environment: Readonly<Record<string, string>>,
  parent: pulumi.Resource,
): pulumi.Output<DaemonRecord> {
  return remember(`${name}-daemon`, SCRIPT, environment, { parent }).apply(parseRecord);
}

function parseRecord(text: string): DaemonRecord {
  const [id = "", name = "", host = ""] = text.split("\n");
  return { id, name, host };
}
