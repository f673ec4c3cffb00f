// Failing cases for the checks of the edge. They are looked at in a folder with the files of ./certificates.
import type { CheckCases } from "./check-cases";

/** What makes nginx terminate TLS itself. */
export const OWN_TLS = {
  "edge.tls.mode": "files",
  "edge.httpsPort": 443,
  "edge.tls.certificateFile": "tls/certificate.pem",
  "edge.tls.privateKeyFile": "tls/private-key.pem",
};

/** What leaves TLS to a proxy in front. */
const EXTERNAL = {
  "edge.tls.mode": "external",
  "edge.trustedProxies": ["10.20.0.0/24"],
  "edge.httpsPort": undefined,
  "edge.tls.certificateFile": undefined,
  "edge.tls.privateKeyFile": undefined,
};

const DAY_MS = 86_400_000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);
const day = (date: Date): string => date.toISOString().slice(0, 10);

export const EDGE_CASES: CheckCases = {
  "edge.tls has what its mode needs": () => [
    ...Object.entries({
      "edge.httpsPort": "a port of the host",
      "edge.tls.certificateFile": "a PEM file",
      "edge.tls.privateKeyFile": "a PEM file",
    }).map(([path, want]) => ({
      set: { ...OWN_TLS, [path]: undefined },
      message:
        `  ${path}: want ${want}, because edge.tls.mode is "files", got nothing\n` +
        `    fix: pulumi config set --path '${path}' VALUE`,
    })),
    ...["edge.httpsPort", "edge.tls.certificateFile", "edge.tls.privateKeyFile"].map((path) => {
      const value = OWN_TLS[path as keyof typeof OWN_TLS];
      return {
        set: { ...EXTERNAL, [path]: value },
        message:
          `  ${path}: want nothing, because with edge.tls.mode "external" nginx has no TLS, got ${JSON.stringify(value)}\n` +
          `    fix: pulumi config rm --path '${path}', or set edge.tls.mode to files`,
      };
    }),
  ],
  "edge.publicUrl fits edge.tls": () => [
    {
      set: { ...OWN_TLS, "edge.publicUrl": "http://lunch.example.com" },
      message: '  edge.publicUrl: want https://…, because edge.tls.mode is "files", got "http://lunch.example.com"',
    },
    {
      set: { ...OWN_TLS, "edge.publicUrl": "https://lunch.example.com:8088", "edge.httpPort": 8088 },
      message:
        "  edge.publicUrl: want the port of the HTTPS listener, not that of edge.httpPort, " +
        'because edge.tls.mode is "files", got "https://lunch.example.com:8088"',
    },
  ],
  "edge.trustedProxies has who terminates TLS": () => [
    {
      set: { ...EXTERNAL, "edge.trustedProxies": [] },
      message:
        "  edge.trustedProxies: want the addresses of the proxy that terminates TLS, because edge.publicUrl is https and " +
        "edge.tls.mode \"external\", got []\n    fix: pulumi config set --path 'edge.trustedProxies[0]' host, where it runs on Docker's host, or RANGE",
    },
  ],
  "a proxy on the host has nginx for itself": () => [
    {
      set: { "edge.trustedProxies": ["host"], "edge.bindAddress": "0.0.0.0" },
      message:
        "  edge.bindAddress: want 127.0.0.1, because edge.trustedProxies has host: on other addresses others may come by " +
        "the host's way, got \"0.0.0.0\"\n    fix: pulumi config set --path 'edge.bindAddress' 127.0.0.1",
    },
  ],
  "the files of edge.tls fit": () => [
    ...[
      ["edge.tls.certificateFile", "tls/gone.pem", "a file that can be read", "which is not there"],
      ["edge.tls.privateKeyFile", "tls/gone.pem", "a file that can be read", "which is not there"],
      ["edge.tls.certificateFile", "tls/notes.txt", "a certificate in PEM", "which holds something else"],
      [
        "edge.tls.privateKeyFile",
        "tls/notes.txt",
        "a private key in PEM without a passphrase",
        "which holds something else",
      ],
    ].map(([path = "", file, want, got]) => ({
      set: { ...OWN_TLS, [path]: file },
      message: `  ${path}: want ${want}, got ${file}, ${got}`,
    })),
    {
      set: { ...OWN_TLS, "edge.tls.privateKeyFile": "tls/other-private-key.pem" },
      message:
        "  edge.tls.privateKeyFile: want the private key of the certificate in edge.tls.certificateFile, got the key of another one",
    },
    {
      set: { ...OWN_TLS, "edge.publicUrl": "https://shop.example.com" },
      message:
        "  edge.tls.certificateFile: want a certificate for shop.example.com, the host of edge.publicUrl, " +
        "got one for DNS:lunch.example.com, DNS:tracker.example.com",
    },
    {
      set: OWN_TLS,
      now: inDays(31),
      message: `  edge.tls.certificateFile: want a certificate that is in date, got one that ended on ${day(inDays(30))}`,
    },
    {
      set: OWN_TLS,
      now: inDays(-1),
      message: `  edge.tls.certificateFile: want a certificate that is in date, got one that begins on ${day(new Date())}`,
    },
  ],
};
