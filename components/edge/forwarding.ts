import { EdgeSettings } from "./edge-settings";

/** Files that an activation writes beside the configuration, by what Docker says of nginx' networks. */
export const SEGMENT_FILES = {
  /** The host's address on the public segment, as lines of a `geo` block. */
  hostGateway: "host-gateway.conf",
  /** The same for `set_real_ip_from`. */
  hostRealIp: "host-real-ip.conf",
  /** The ranges of the public segment, as lines of a `geo` block. */
  publicSubnets: "public-subnets.conf",
} as const;

/** Stands among the trusted proxies for one that runs on the host itself. */
const HOST_PROXY = "host";

/** Headers in which services may look for what nginx tells in others, and proxies of other products say it. */
const WHERE_FROM = [
  ...["Forwarded", "Forwarded-For", "Proxy", "Front-End-Https", "Client-IP", "Remote-Addr", "True-Client-IP"],
  ...["CF-Connecting-IP", "CF-Connecting-IPv6", "CF-Pseudo-IPv4", "CloudFront-Viewer-Address", "DO-Connecting-IP"],
  ...["Fastly-Client-IP", "Fly-Client-IP", "X-Appengine-User-IP", "X-Azure-ClientIP", "X-Azure-SocketIP"],
  ...["X-Envoy-External-Address", "X-Envoy-Original-Path", "X-Nf-Client-Connection-IP", "X-Vercel-Forwarded-For"],
  ...["Port", "Prefix", "Server", "Scheme", "Protocol", "Ssl", "By", "Path", "Uri", "Method"].map(
    (name) => `X-Forwarded-${name}`,
  ),
  ...["X-Forwarded", "X-Client-IP", "X-Cluster-Client-IP", "X-Original-Forwarded-For", "X-Originating-IP"],
  ...["X-ProxyUser-IP", "X-Remote-Addr", "X-Remote-IP", "X-Scheme", "X-Url-Scheme", "X-Host"],
  ...["X-Original-Host", "X-Original-URL", "X-Original-URI", "X-Rewrite-URL"],
];

/** Headers in which proxies of other products say who the user is: nginx asks nobody for that, so it tells nothing. */
const WHO = [
  ...["User", "Email", "Groups", "Preferred-Username", "Access-Token", "Client-Cert", "Tls-Client-Cert"].map(
    (name) => `X-Forwarded-${name}`,
  ),
  "X-Forwarded-Tls-Client-Cert-Info",
  ...["User", "Email", "Groups", "Preferred-Username", "Access-Token"].map((name) => `X-Auth-Request-${name}`),
  ...["User", "Email", "Groups", "Name"].map((name) => `Remote-${name}`),
  ...["X-Remote-User", "X-Remote-Group", "X-Authenticated-User", "X-WebAuth-User"],
  "CF-Access-Authenticated-User-Email",
  ...["X-Goog-Authenticated-User-Email", "X-Goog-Authenticated-User-ID", "X-Amzn-Oidc-Identity"],
  ...["X-MS-Client-Principal", "X-MS-Client-Principal-ID", "X-MS-Client-Principal-Name"],
  ...["Tailscale-User-Login", "Tailscale-User-Name"],
  ...["Client-Cert", "Client-Cert-Chain", "SSL-Client-Cert", "X-Client-Cert", "X-ARR-ClientCert"],
  ...["X-SSL", "X-SSL-Cert", "X-SSL-Issuer"],
  ...["Cert", "CN", "DN", "S-DN", "I-DN", "Issuer", "Serial", "Verify", "Fingerprint", "SHA1"].map(
    (name) => `X-SSL-Client-${name}`,
  ),
  ...["Subject", "Subject-DN", "Issuer-DN", "NotBefore", "NotAfter", "S-DN-CN", "V-Start", "V-End"].map(
    (name) => `X-SSL-Client-${name}`,
  ),
];

/** They are kept from services whoever sends them: a proxy in front that does not know one passes on a stranger's. */
const UNTOLD = [...WHERE_FROM, ...WHO];

/**
 * Who the client is and how it came, as far as it can be known: what a proxy in front says counts only when it is one of
 * the trusted. Of several words the last is that of the nearest proxy. What others say is replaced, also where a service
 * would believe another header than these.
 */
export function forwardedVariables({ trustedProxies }: EdgeSettings): string {
  const ranges = trustedProxies.filter((proxy) => proxy !== HOST_PROXY);
  const isHostTrusted = ranges.length < trustedProxies.length;
  const realIp = [
    ...ranges.map((cidr) => `set_real_ip_from ${cidr};\n`),
    ...(isHostTrusted ? [`include ${SEGMENT_FILES.hostRealIp};\n`] : []),
  ];
  const geo = [
    ...ranges.map((cidr) => `  ${cidr} 1;\n`),
    ...(isHostTrusted ? [`  include ${SEGMENT_FILES.hostGateway};\n`] : []),
  ];
  return `${realIp.join("")}real_ip_header X-Forwarded-For;
real_ip_recursive on;
geo $realip_remote_addr $trusted_proxy {
  default 0;
${geo.join("")}}
map "$trusted_proxy:$http_x_forwarded_proto" $told_proto {
  default "";
  "~*^1:(.*,)? *(https|wss) *$" https;
  "~*^1:(.*,)? *(http|ws) *$" http;
}
map $told_proto $forwarded_proto {
  default $told_proto;
  "" $scheme;
}
map "$trusted_proxy:$http_x_forwarded_host" $told_host {
  default $http_host;
  "~^1:(.*,)? *(?<last_host>[^, ]+) *$" $last_host;
}
map "$trusted_proxy:$http_x_request_id" $edge_request_id {
  default $request_id;
  "~^1:(.*,)? *(?<told_request_id>[\\w-]{8,64}) *$" $told_request_id;
}
geo $server_addr $public_segment {
  default 0;
  include ${SEGMENT_FILES.publicSubnets};
}
`;
}

/**
 * How requests are passed on. Upgrades only to WebSocket: another one would get past everything that is decided here.
 * Services do not compress: nginx does, and knows when not to. Nor do they choose the location, the speed or the cache
 * of an answer in nginx' place.
 */
export function passedHeaders({ readTimeoutSeconds }: EdgeSettings): string {
  const headers: Record<string, string> = {
    Upgrade: "$upgrade",
    Connection: "$upgrade_connection",
    Host: "$passed_host",
    "Accept-Encoding": '""',
    "X-Request-Id": "$edge_request_id",
    "X-Real-IP": "$remote_addr",
    "X-Forwarded-For": "$remote_addr",
    "X-Forwarded-Proto": "$forwarded_proto",
    "X-Forwarded-Host": "$passed_host",
    ...Object.fromEntries(UNTOLD.map((name) => [name, '""'])),
  };
  return `map $http_upgrade $upgrade {
  "~*^websocket$" websocket;
}
map $upgrade $upgrade_connection {
  websocket upgrade;
}
proxy_http_version 1.1;
proxy_headers_hash_max_size 1024;
proxy_headers_hash_bucket_size 128;
proxy_ignore_headers X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate X-Accel-Charset;
proxy_connect_timeout 2s;
proxy_send_timeout ${readTimeoutSeconds}s;
proxy_read_timeout ${readTimeoutSeconds}s;
${Object.entries(headers)
  .map(([name, value]) => `proxy_set_header ${name} ${value};\n`)
  .join("")}`;
}
