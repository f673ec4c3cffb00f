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
const UNTOLD = [
  ...["Forwarded", "Proxy", "Front-End-Https", "Client-IP", "True-Client-IP", "CF-Connecting-IP", "Fastly-Client-IP"],
  ...["Port", "Prefix", "Server", "Scheme", "Protocol", "Ssl", "By", "Path", "Uri"].map(
    (name) => `X-Forwarded-${name}`,
  ),
  ...["X-Client-IP", "X-Cluster-Client-IP", "X-Original-Forwarded-For", "X-Scheme", "X-Url-Scheme", "X-Host"],
  ...["X-Original-Host", "X-Original-URL", "X-Original-URI", "X-Rewrite-URL"],
];

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
proxy_ignore_headers X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate X-Accel-Charset;
proxy_connect_timeout 2s;
proxy_send_timeout ${readTimeoutSeconds}s;
proxy_read_timeout ${readTimeoutSeconds}s;
${Object.entries(headers)
  .map(([name, value]) => `proxy_set_header ${name} ${value};\n`)
  .join("")}`;
}
