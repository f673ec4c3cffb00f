import { Check, Violation } from "./checks";
import { Problem, show } from "./problems";
import { tlsFileProblems } from "./tls-files";

/** What {@link edgeChecks} look at. */
export interface EdgeCheckSettings {
  /** The part of the fragment `edge` that has to fit together. */
  readonly edge: {
    /** What users type into the browser. */
    readonly publicUrl: string;
    /** Host port of the plain HTTP listener. */
    readonly httpPort: number;
    /** Host port of the HTTPS listener. @default none */
    readonly httpsPort?: number | undefined;
    /** Host address that both are published on. */
    readonly bindAddress: string;
    /** The proxies in front: ranges, or `host`. */
    readonly trustedProxies: readonly string[];
    /** Who terminates TLS, and with which files. */
    readonly tls: {
      /** A proxy in front or nobody, or nginx with files. */
      readonly mode: "external" | "files";
      /** Path of the certificate, relative to the project. @default none */
      readonly certificateFile?: string | undefined;
      /** Path of its private key, relative to the project. @default none */
      readonly privateKeyFile?: string | undefined;
    };
  };
}

/** The rules of the edge: ports, files and the public URL fit who terminates TLS, and the files fit the URL. */
export function edgeChecks(): Check<EdgeCheckSettings>[] {
  return [
    {
      name: "edge.tls has what its mode needs",
      reads: ["edge.tls", "edge.httpsPort"],
      violations: (settings) => (settings.edge.tls.mode === "files" ? missing(settings) : superfluous(settings)),
    },
    { name: "edge.publicUrl fits edge.tls", reads: ["edge.tls", "edge.publicUrl"], violations: schemeViolations },
    {
      name: "edge.trustedProxies has who terminates TLS",
      reads: ["edge.tls", "edge.publicUrl", "edge.trustedProxies"],
      violations: proxyViolations,
    },
    {
      name: "a proxy on the host has nginx for itself",
      reads: ["edge.bindAddress", "edge.trustedProxies"],
      violations: hostProxyViolations,
    },
    {
      name: "the files of edge.tls fit",
      reads: ["edge.tls", "edge.publicUrl"],
      violations: ({ edge }) => tlsFileProblems(edge),
    },
  ];
}

/** The same for an edge that no schema was asked about. */
export function edgeProblems(edge: EdgeCheckSettings["edge"]): Problem[] {
  const all: Record<string, unknown> = { ...edge, ...prefixed("tls.", edge.tls) };
  return edgeChecks()
    .flatMap(({ violations }) => violations({ edge }))
    .map((violation) => ({ got: show(all[violation.path.replace("edge.", "")]), ...violation }));
}

function prefixed(prefix: string, values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [prefix + key, value]));
}

const OWN_TLS = [
  'because edge.tls.mode is "files"',
  ["httpsPort", "tls.certificateFile", "tls.privateKeyFile"],
] as const;

function missing({ edge }: EdgeCheckSettings): Violation[] {
  const [because, keys] = OWN_TLS;
  const want = {
    httpsPort: "a port of the host",
    "tls.certificateFile": "a PEM file",
    "tls.privateKeyFile": "a PEM file",
  };
  return keys
    .filter((key) => valueOf(edge, key) === undefined)
    .map((key) => ({ path: `edge.${key}`, want: `${want[key]}, ${because}` }));
}

function superfluous({ edge }: EdgeCheckSettings): Violation[] {
  return OWN_TLS[1]
    .filter((key) => valueOf(edge, key) !== undefined)
    .map((key) => ({
      path: `edge.${key}`,
      want: 'nothing, because with edge.tls.mode "external" nginx has no TLS',
      fix: `pulumi config rm --path 'edge.${key}', or set edge.tls.mode to files`,
    }));
}

function valueOf({ httpsPort, tls }: EdgeCheckSettings["edge"], key: (typeof OWN_TLS)[1][number]) {
  if (key === "httpsPort") return httpsPort;
  return key === "tls.certificateFile" ? tls.certificateFile : tls.privateKeyFile;
}

function schemeViolations({ edge: { publicUrl, tls, httpPort } }: EdgeCheckSettings): Violation[] {
  if (tls.mode !== "files") return [];
  const { protocol, port } = new URL(publicUrl);
  const path = "edge.publicUrl";
  if (protocol !== "https:") return [{ path, want: `https://…, ${OWN_TLS[0]}` }];
  if (port !== String(httpPort)) return [];
  return [{ path, want: `the port of the HTTPS listener, not that of edge.httpPort, ${OWN_TLS[0]}` }];
}

/** Else nginx believes of nobody that a request came by TLS, and tells the services that it did not. */
function proxyViolations({ edge: { publicUrl, tls, trustedProxies } }: EdgeCheckSettings): Violation[] {
  if (tls.mode !== "external" || !publicUrl.startsWith("https:") || trustedProxies.length > 0) return [];
  const want =
    'the addresses of the proxy that terminates TLS, because edge.publicUrl is https and edge.tls.mode "external"';
  const fix = "pulumi config set --path 'edge.trustedProxies[0]' host, where it runs on Docker's host, or RANGE";
  return [{ path: "edge.trustedProxies", want, fix }];
}

/** What Docker passes on itself comes from the same address as what the host sends, whoever sent it. */
function hostProxyViolations({ edge: { bindAddress, trustedProxies } }: EdgeCheckSettings): Violation[] {
  if (!trustedProxies.includes("host") || bindAddress.startsWith("127.")) return [];
  const want = "127.0.0.1, because edge.trustedProxies has host: on other addresses others may come by the host's way";
  return [{ path: "edge.bindAddress", want, fix: "pulumi config set --path 'edge.bindAddress' 127.0.0.1" }];
}
