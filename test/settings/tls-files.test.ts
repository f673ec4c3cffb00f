import * as fs from "node:fs";
import * as path from "node:path";

import { formatProblem } from "../../components/settings/problems";
import { readTlsFiles, tlsFileProblems, TlsFileSettings, tlsFileWarnings } from "../../components/settings/tls-files";
import { removeTlsFiles, tlsFiles, TlsFilesMade } from "../support/tls-files";

let made: TlsFilesMade;
let folder: string;

beforeAll(() => {
  made = tlsFiles({ names: ["www.example.com", "*.example.org", "192.0.2.1"], days: 90 });
  folder = path.dirname(made.certificateFile);
});
afterAll(removeTlsFiles);

const settings = (tls: Partial<TlsFileSettings["tls"]> = {}, publicUrl = "https://www.example.com") => ({
  publicUrl,
  tls: { ...made, ...tls },
});
const problems = (...of: Parameters<typeof settings>) => tlsFileProblems(settings(...of)).map(formatProblem);
const file = (name: string, content: string) => {
  fs.writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
};
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

test.each(["https://www.example.com", "https://any.example.org:8443/path", "https://192.0.2.1"])(
  "nothing is wrong with files that fit %s",
  (publicUrl) => {
    expect(problems({}, publicUrl)).toEqual([]);
  },
);

test("nothing is read where a proxy terminates TLS", () => {
  const external = settings({ mode: "external", certificateFile: "absent.pem", privateKeyFile: "absent.pem" });
  expect([tlsFileProblems(external), tlsFileWarnings(external), readTlsFiles(external)]).toEqual([[], [], undefined]);
});

test("files that no setting names are for the schema to tell", () => {
  expect(problems({ certificateFile: undefined, privateKeyFile: undefined })).toEqual([]);
});

test("files that are not there are told at once", () => {
  expect(problems({ certificateFile: "tls/certificate.pem", privateKeyFile: "tls/key.pem" })).toEqual([
    "  edge.tls.certificateFile: want a file that can be read, got tls/certificate.pem, which is not there",
    "  edge.tls.privateKeyFile: want a file that can be read, got tls/key.pem, which is not there",
  ]);
});

test("what can be no file", () => {
  expect(problems({ privateKeyFile: folder })).toEqual([
    `  edge.tls.privateKeyFile: want a file that can be read, got ${folder}, which cannot be read`,
  ]);
});

test("a file with something else, and a key behind a passphrase", () => {
  const certificateFile = file("text.pem", "no certificate");
  const privateKeyFile = file("locked.pem", LOCKED_KEY);
  expect(problems({ certificateFile, privateKeyFile })).toEqual([
    `  edge.tls.certificateFile: want a certificate in PEM, got ${certificateFile}, which holds something else`,
    `  edge.tls.privateKeyFile: want a private key in PEM without a passphrase, got ${privateKeyFile}, which holds something else`,
  ]);
});

test("the key of another certificate", () => {
  const other = tlsFiles({ names: ["www.example.com"], days: 90 });
  expect(problems({ privateKeyFile: other.privateKeyFile })).toEqual([
    "  edge.tls.privateKeyFile: want the private key of the certificate in edge.tls.certificateFile, got the key of another one",
  ]);
});

test("a certificate for other names, or for none", () => {
  expect(problems({}, "https://example.com")).toEqual([
    "  edge.tls.certificateFile: want a certificate for example.com, the host of edge.publicUrl, " +
      "got one for DNS:www.example.com, DNS:*.example.org, IP Address:192.0.2.1",
  ]);
  expect(problems({}, "https://192.0.2.2")).toHaveLength(1);
  const nameless = tlsFiles({ names: [], days: 90 });
  expect(problems(nameless, "https://www.example.com")).toEqual([
    "  edge.tls.certificateFile: want a certificate for www.example.com, the host of edge.publicUrl, got one for no name at all",
  ]);
});

test("a certificate that has ended, or has not begun", () => {
  const at = (date: Date) => tlsFileProblems(settings(), date).map(formatProblem);
  const day = (date: Date) => date.toISOString().slice(0, 10);
  expect(at(inDays(91))).toEqual([
    `  edge.tls.certificateFile: want a certificate that is in date, got one that ended on ${day(inDays(90))}`,
  ]);
  expect(at(inDays(-1))).toEqual([
    `  edge.tls.certificateFile: want a certificate that is in date, got one that begins on ${day(new Date())}`,
  ]);
});

test("a certificate that ends within two weeks is warned about, and refused no sooner", () => {
  expect(tlsFileWarnings(settings(), inDays(75))).toEqual([]);
  const end = inDays(90).toISOString().slice(0, 10);
  expect(tlsFileWarnings(settings(), inDays(80.5))).toEqual([
    `edge.tls.certificateFile: the certificate ends on ${end}, in 9 days: renew it, then update again`,
  ]);
  expect(tlsFileProblems(settings(), inDays(80))).toEqual([]);
});

test("the texts", () => {
  const files = readTlsFiles(settings());
  expect(files?.certificate).toMatch(/^-----BEGIN CERTIFICATE-----/);
  expect(files?.privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----/);
});

test("no problem shows the content of a file", () => {
  const key = file("wrong-key.pem", "-----BEGIN PRIVATE KEY-----\nhunter2hunter2\n-----END PRIVATE KEY-----\n");
  expect(problems({ privateKeyFile: key }).join()).not.toContain("hunter2");
});

/** Begins as a key with a passphrase does. */
const LOCKED_KEY = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
