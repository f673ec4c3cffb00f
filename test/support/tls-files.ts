import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Settings of TLS by files that are there. */
export interface TlsFilesMade {
  readonly mode: "files";
  readonly certificateFile: string;
  readonly privateKeyFile: string;
}

const folders: string[] = [];

/** A certificate that only itself has signed, in force from now on. Node can read certificates, and make none. */
export function tlsFiles({ names, days }: { names: readonly string[]; days: number }): TlsFilesMade {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tls-files-"));
  folders.push(folder);
  const [certificateFile, privateKeyFile] = ["certificate.pem", "private-key.pem"].map((file) =>
    path.join(folder, file),
  );
  const alternatives = names.map((name) => `${/^[\d.:]+$/.test(name) ? "IP" : "DNS"}:${name}`).join(",");
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", String(days)],
      ...["-keyout", privateKeyFile as string, "-out", certificateFile as string, "-subj", "/CN=test"],
      ...(names.length > 0 ? ["-addext", `subjectAltName=${alternatives}`] : []),
    ],
    { stdio: "pipe" },
  );
  return { mode: "files", certificateFile: certificateFile as string, privateKeyFile: privateKeyFile as string };
}

/** Takes them all away again. */
export function removeTlsFiles(): void {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true });
}
