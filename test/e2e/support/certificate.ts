import * as fs from "node:fs";
import * as path from "node:path";

import { succeed } from "./run";

export interface Certificate {
  readonly certificateFile: string;
  readonly privateKeyFile: string;
}

export interface CertificateOptions {
  /** How long it is valid; less than none and it has expired. @default 90 */
  readonly days?: number;
  /** Hosts beside 127.0.0.1 and localhost. @default none */
  readonly hosts?: readonly string[];
}

/** Makes a certificate that nobody but itself has signed. */
export async function selfSigned(
  folder: string,
  { days = 90, hosts = [] }: CertificateOptions = {},
): Promise<Certificate> {
  fs.mkdirSync(folder, { recursive: true });
  const certificateFile = path.join(folder, "certificate.pem");
  const privateKeyFile = path.join(folder, "private-key.pem");
  const names = ["localhost", ...hosts].map((host) => `DNS:${host}`);
  const request = await succeed("openssl", [
    ...["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost"],
    ...["-addext", `subjectAltName=${names.join()},IP:127.0.0.1`, "-keyout", privateKeyFile],
  ]);
  const sign = ["-days", String(days), "-copy_extensions", "copy", "-signkey", privateKeyFile, "-out", certificateFile];
  await succeed("openssl", ["x509", "-req", ...sign], { input: request });
  return { certificateFile, privateKeyFile };
}
