// Certificates in the folder tls/ of a project, as openssl makes them.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";

/** Hosts that the certificates are for: those of prod of both systems. */
const NAMES = "DNS:lunch.example.com,DNS:tracker.example.com";

/** A certificate of 30 days with its key, the key of another one, and a file that is neither. */
export function makeCertificates(projectFolder: string): void {
  const folder = path.join(projectFolder, "tls");
  mkdirSync(folder);
  for (const prefix of ["", "other-"]) {
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"],
        ...["-subj", "/CN=example.com", "-addext", `subjectAltName=${NAMES}`],
        ...["-keyout", `${prefix}private-key.pem`, "-out", `${prefix}certificate.pem`],
      ],
      { cwd: folder, stdio: "pipe" },
    );
  }
  writeFileSync(path.join(folder, "notes.txt"), "neither\n");
}
