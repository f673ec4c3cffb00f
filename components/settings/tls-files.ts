import { createPrivateKey, KeyObject, X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as net from "node:net";

import type { EdgeCheckSettings } from "./edge-checks";
import { Problem } from "./problems";

/** What the files are looked for by, and have to fit. */
export type TlsFileSettings = Pick<EdgeCheckSettings["edge"], "publicUrl" | "tls">;

/** The texts of both files. */
export interface TlsFiles {
  readonly certificate: string;
  readonly privateKey: string;
}

/** From so many days before its end on a certificate is warned about. */
const WARNING_DAYS = 14;
const DAY_MS = 86_400_000;

/**
 * The texts of the files; nothing where nginx has no TLS.
 * @throws Error when one cannot be read; {@link tlsFileProblems} says it first
 */
export function readTlsFiles({ tls }: TlsFileSettings): TlsFiles | undefined {
  const { mode, certificateFile, privateKeyFile } = tls;
  if (mode !== "files" || certificateFile === undefined || privateKeyFile === undefined) return undefined;
  return { certificate: fs.readFileSync(certificateFile, "utf8"), privateKey: fs.readFileSync(privateKeyFile, "utf8") };
}

/** All that is wrong with the files; their content never shows. What is not set at all is the schema's to tell. */
export function tlsFileProblems(settings: TlsFileSettings, now = new Date()): Problem[] {
  const { mode, certificateFile, privateKeyFile } = settings.tls;
  if (mode !== "files") return [];
  const certificate = look("edge.tls.certificateFile", certificateFile, "a certificate in PEM", parseCertificate);
  const key = look("edge.tls.privateKeyFile", privateKeyFile, "a private key in PEM without a passphrase", parseKey);
  const own = [...certificate.problems, ...key.problems];
  if (!certificate.value) return own;
  return [
    ...own,
    ...certificateProblems(certificate.value, settings, now),
    ...pairProblems(certificate.value, key.value),
  ];
}

/** A certificate that ends soon: worth a line with every update, and no reason to refuse one. */
export function tlsFileWarnings(settings: TlsFileSettings, now = new Date()): string[] {
  const files = readTlsFiles(settings);
  if (!files) return [];
  const end = new Date(parseCertificate(files.certificate).validTo);
  const days = Math.floor((end.getTime() - now.getTime()) / DAY_MS);
  if (days >= WARNING_DAYS) return [];
  return [
    `edge.tls.certificateFile: the certificate ends on ${day(end)}, in ${days} days: renew it, then update again`,
  ];
}

interface Looked<Value> {
  readonly value?: Value;
  readonly problems: Problem[];
}

function look<Value>(
  path: string,
  file: string | undefined,
  want: string,
  parse: (text: string) => Value,
): Looked<Value> {
  if (file === undefined) return { problems: [] };
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "which is not there" : "which cannot be read";
    return { problems: [{ path, want: "a file that can be read", got: `${file}, ${reason}` }] };
  }
  try {
    return { value: parse(text), problems: [] };
  } catch {
    return { problems: [{ path, want, got: `${file}, which holds something else` }] };
  }
}

/** Of several it is the first that nginx presents as its own. */
function parseCertificate(text: string): X509Certificate {
  return new X509Certificate(text);
}

function parseKey(text: string): KeyObject {
  return createPrivateKey(text);
}

function certificateProblems(certificate: X509Certificate, { publicUrl }: TlsFileSettings, now: Date): Problem[] {
  const path = "edge.tls.certificateFile";
  const [start, end] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  const problems: Problem[] = [];
  if (now < start)
    problems.push({ path, want: "a certificate that is in date", got: `one that begins on ${day(start)}` });
  if (now > end) problems.push({ path, want: "a certificate that is in date", got: `one that ended on ${day(end)}` });
  const host = new URL(publicUrl).hostname.replace(/^\[|\]$/g, "");
  const covered = net.isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host);
  if (covered === undefined) {
    const names = certificate.subjectAltName ?? "no name at all";
    problems.push({ path, want: `a certificate for ${host}, the host of edge.publicUrl`, got: `one for ${names}` });
  }
  return problems;
}

function pairProblems(certificate: X509Certificate, key: KeyObject | undefined): Problem[] {
  if (!key || certificate.checkPrivateKey(key)) return [];
  const want = "the private key of the certificate in edge.tls.certificateFile";
  return [{ path: "edge.tls.privateKeyFile", want, got: "the key of another one" }];
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
