import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { run } from "./run";

/** What testssl.sh has against a server. */
export interface TlsFinding {
  readonly id: string;
  readonly severity: string;
  readonly finding: string;
}

/**
 * Protocols, cipher categories, forward secrecy, the server's preference and defaults, HTTP headers, and every
 * vulnerability. Left out is what repeats them cipher by cipher and client by client, for minutes.
 */
const CHECKS = ["-p", "-s", "-f", "-P", "-S", "-h", "-U"];

/** Where it could not tell it says WARN, as of a session that closed before its ticket came. */
const SEVERITIES = ["LOW", "MEDIUM", "HIGH", "CRITICAL"] as const;

/** Why there can be no scan here. */
export function scannerMissing(): string | undefined {
  return spawnSync("testssl", ["--version"]).error && "there is no testssl on the PATH";
}

/** All that testssl.sh finds at a port of this host, from a severity on. */
export async function scanTls(port: number, severity: (typeof SEVERITIES)[number]): Promise<TlsFinding[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "testssl-"));
  const file = path.join(folder, "findings.json");
  const quiet = ["--quiet", "--color", "0", "--warnings", "off", "--nodns", "none", "--ip", "127.0.0.1"];
  const args = [...CHECKS, ...quiet, "--severity", severity, "--jsonfile", file, `https://localhost:${port}/`];
  try {
    const { output } = await run("testssl", args);
    const isDone = fs.existsSync(file) && output.includes("Done ");
    if (!isDone) throw new Error(`testssl did not come to its end:\n${output}`); // its exit code counts findings
    const findings = JSON.parse(fs.readFileSync(file, "utf8")) as TlsFinding[];
    return findings.filter((finding) => SEVERITIES.some((name) => name === finding.severity));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
