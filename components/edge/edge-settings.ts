/** How the outside reaches a system, in the shape of the settings fragment `edge`, which has the defaults. */
export interface EdgeSettings {
  /** What users type into the browser. Its host stands in redirects and in the Content-Security-Policy. */
  readonly publicUrl: string;
  /** Further hosts that may be asked for, `name` or `name:port`; any other is answered 421. */
  readonly allowedHosts: readonly string[];
  /** Host port of the plain HTTP listener; with `tls.mode: files` it only redirects. */
  readonly httpPort: number;
  /** Host port of the HTTPS listener, with `tls.mode: files` alone. @default none */
  readonly httpsPort?: number | undefined;
  /** Host address that both are published on. */
  readonly bindAddress: string;
  /**
   * The proxies in front whose `X-Forwarded-*` headers are believed: ranges of addresses (CIDR), or `host` for one that
   * runs on Docker's host.
   */
  readonly trustedProxies: readonly string[];
  /** Who terminates TLS, and with what. */
  readonly tls: TlsSettings;
  /** Largest request body, in MiB. */
  readonly maxBodyMiB: number;
  /** How long a service may be silent before nginx answers 504. */
  readonly readTimeoutSeconds: number;
  /** Requests of one client address; what is above is answered 429. @default no limit */
  readonly rateLimit?: RateLimit | undefined;
  /** Whether answers are compressed; those to requests that come from other sites never are. */
  readonly gzip: boolean;
  /** How browsers keep what lies under static paths: not at all, or for a year. */
  readonly staticCache: "off" | "immutable";
  /** What pages may load and run: much, as development servers need it, or what they bring along alone. */
  readonly contentSecurityPolicy: "development" | "strict";
  /** Origins whose pages may show this one in a frame, such as `https://web.telegram.org`; none of them: nobody. */
  readonly frameAncestors: readonly string[];
}

/** Who terminates TLS, and with what. */
export interface TlsSettings {
  /** `external`: a proxy in front, or nobody. `files`: nginx, with a certificate and key of the project. */
  readonly mode: "external" | "files";
  /** The certificate and those between it and its root, PEM; a path relative to the project. @default none */
  readonly certificateFile?: string | undefined;
  /** Its private key, PEM without a passphrase; a path relative to the project. @default none */
  readonly privateKeyFile?: string | undefined;
}

/** A limit by client address. */
export interface RateLimit {
  /** How many requests a second one client may send for long. */
  readonly requestsPerSecond: number;
  /** How many it may be ahead of that for a moment. */
  readonly burst: number;
}
