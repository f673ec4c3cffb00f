import { EdgeSettings } from "./edge-settings";

/**
 * Who the client is and how it came, as far as it can be known: what a proxy in front says counts only when it is one of
 * the trusted. What others say of it is replaced, also where a service would believe another header than these.
 */
export function forwardedVariables({ trustedProxies }: EdgeSettings): string {
  return `${trustedProxies.map((cidr) => `set_real_ip_from ${cidr};\n`).join("")}real_ip_header X-Forwarded-For;
real_ip_recursive on;
geo $realip_remote_addr $trusted_proxy {
  default 0;
${trustedProxies.map((cidr) => `  ${cidr} 1;\n`).join("")}}
map "$trusted_proxy:$http_x_forwarded_proto" $forwarded_proto {
  default $scheme;
  "1:https" https;
  "1:http" http;
}
map "$trusted_proxy:$http_x_forwarded_host" $forwarded_host {
  default $http_host;
  "~^1:(?<told_host>[\\w.:\\[\\]-]+)$" $told_host;
}
map "$trusted_proxy:$http_x_request_id" $edge_request_id {
  default $request_id;
  "~^1:(?<told_request_id>[\\w-]{8,64})$" $told_request_id;
}
`;
}

/**
 * How requests are passed on. Upgrades only to WebSocket: another one would get past everything that is decided here.
 * Services do not compress: nginx does, and knows when not to.
 */
export function passedHeaders({ readTimeoutSeconds }: EdgeSettings): string {
  const headers: Record<string, string> = {
    Upgrade: "$upgrade",
    Connection: "$upgrade_connection",
    Host: "$http_host",
    "Accept-Encoding": '""',
    "X-Request-Id": "$edge_request_id",
    "X-Real-IP": "$remote_addr",
    "X-Forwarded-For": "$remote_addr",
    "X-Forwarded-Proto": "$forwarded_proto",
    "X-Forwarded-Host": "$forwarded_host",
    ...Object.fromEntries(["X-Forwarded-Port", "X-Forwarded-Prefix", "Forwarded", "Proxy"].map((name) => [name, '""'])),
  };
  return `map $http_upgrade $upgrade {
  "~*^websocket$" websocket;
}
map $upgrade $upgrade_connection {
  websocket upgrade;
}
proxy_http_version 1.1;
proxy_connect_timeout 2s;
proxy_send_timeout ${readTimeoutSeconds}s;
proxy_read_timeout ${readTimeoutSeconds}s;
${Object.entries(headers)
  .map(([name, value]) => `proxy_set_header ${name} ${value};\n`)
  .join("")}`;
}
