import { z } from "zod";

const port = () => z.int().min(1).max(65535);

/** `'self'`, or an origin, the first label of which may be a star. */
const FRAME_ANCESTOR = /^('self'|https?:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?)$/;

/** A name or an address as browsers name it in `Host`, with a port or without. */
const HOST = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(:\d{1,5})?$/i;

/** Colons and digits alone make no address. */
const isHost = (host: string): boolean => URL.canParse(`http://${host}`);

const A_HOST = "a host such as www.example.com, with a port or without";

const OCTET = String.raw`(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;

/** `host`, or a range that is not everybody. */
const TRUSTED_PROXY = new RegExp(String.raw`^(host|${OCTET}(\.${OCTET}){3}/([1-9]|[12]\d|3[0-2]))$`);

/** `edge`: how the outside reaches the system. */
export const edgeFragment = () =>
  z
    .strictObject({
      publicUrl: z
        .url({ protocol: /^https?$/, error: "a URL with http or https" })
        .meta({ description: "What users type into the browser.", examples: ["https://www.example.com"] }),
      allowedHosts: z
        .array(z.string().regex(HOST, { error: A_HOST, abort: true }).refine(isHost, A_HOST))
        .default([])
        .meta({
          description:
            "Hosts that may be asked for beside that of `publicUrl`; without a port they have its port. Others are answered 421.",
          examples: [["www.example.com"]],
        }),
      httpPort: port().meta({ description: "Host port of nginx's plain HTTP listener.", examples: [8081] }),
      httpsPort: port()
        .optional()
        .meta({ description: "Host port of nginx's HTTPS listener, with `tls.mode: files` alone.", examples: [443] }),
      bindAddress: z
        .ipv4("an IPv4 address")
        .default("127.0.0.1")
        .meta({ description: "Host address nginx is published on; `0.0.0.0` is all of them.", examples: ["0.0.0.0"] }),
      tls: tls(),
      trustedProxies: z
        .array(z.string().regex(TRUSTED_PROXY, "`host` or a range such as 10.0.0.0/8"))
        .default([])
        .meta({
          description:
            "Proxies in front whose `X-Forwarded-*` headers are believed: `host` for one on Docker's host, or addresses (CIDR).",
          examples: [["host"], ["10.20.0.0/24"]],
        }),
      ...limits(),
      ...answers(),
    })
    .prefault({} as never);

const tls = () =>
  z
    .strictObject({
      mode: z
        .enum(["external", "files"])
        .default("external")
        .meta({
          description: "Who terminates TLS: a proxy in front or nobody (`external`), or nginx (`files`).",
          examples: ["files"],
        }),
      certificateFile: tlsFile(
        "The certificate and those between it and its root, PEM; a path relative to the project.",
        "tls/certificate.pem",
      ),
      privateKeyFile: tlsFile(
        "Its private key, PEM without a passphrase; a path relative to the project, of a file that git ignores.",
        "tls/private-key.pem",
      ),
    })
    .prefault({});

const tlsFile = (description: string, example: string) =>
  z
    .string()
    .min(1)
    .optional()
    .meta({ description, examples: [example] });

/** What one request and one client may take. */
const limits = () => ({
  maxBodyMiB: z
    .int()
    .min(1)
    .max(1024)
    .default(10)
    .meta({ description: "Largest request body, in MiB; what is larger is answered 413.", examples: [50] }),
  readTimeoutSeconds: z
    .int()
    .min(1)
    .max(3600)
    .default(25)
    .meta({ description: "Seconds a service may be silent before nginx answers 504.", examples: [20] }),
  rateLimit: z
    .strictObject({
      requestsPerSecond: z
        .int()
        .min(1)
        .max(10_000)
        .meta({ description: "Requests a second that one client may send for long.", examples: [20] }),
      burst: z
        .int()
        .min(0)
        .max(10_000)
        .meta({
          description: "Requests it may be ahead of that for a moment, as when it opens a page.",
          examples: [100],
        }),
    })
    .optional()
    .meta({
      description: "Limit of each client address; what is above is answered 429. Without it there is none.",
      examples: [{ requestsPerSecond: 20, burst: 100 }],
    }),
});

/** What nginx adds to the answers of services. */
const answers = () => ({
  gzip: z
    .boolean()
    .default(true)
    .meta({ description: "Compress answers, but for requests that come from other sites.", examples: [false] }),
  staticCache: z
    .enum(["off", "immutable"])
    .default("off")
    .meta({
      description: "How browsers keep what lies under static paths: not at all, or for a year.",
      examples: ["immutable"],
    }),
  contentSecurityPolicy: z
    .enum(["development", "strict"])
    .default("strict")
    .meta({
      description: "What pages may load and run: much, for development servers, or only files of their own origin.",
      examples: ["development"],
    }),
  frameAncestors: z
    .array(z.string().regex(FRAME_ANCESTOR, "'self' or an origin such as https://web.telegram.org"))
    .default([])
    .meta({
      description: "Origins whose pages may show this one in a frame. Without any: nobody may.",
      examples: [["https://web.telegram.org"]],
    }),
});
