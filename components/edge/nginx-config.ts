/** Values that shape the configuration all routes share. */
export interface EdgeConfig {
  /** Addresses (CIDR) of the proxies in front whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Largest request body. @default "10m" */
  readonly maxBodySize?: string;
}

/** Port of the public listener inside the container; far from those that services listen on, and calls are sent to. */
export const PUBLIC_PORT = 10080;
/** Loopback port on which the edge tells which configuration it serves. */
export const STATUS_PORT = 10081;
/** Answered by nginx itself through the public server block. */
export const HEALTH_PATH = "/nginx-health";

/** Equal to the minimum, so that no kept-alive connection is closed under a client when nginx reloads. */
const KEEPALIVE_SECONDS = 15;

/**
 * The main configuration. Routes live in folders beside it and are included, so that each can be activated on its own.
 * `servedVersion` is a placeholder that the activation fills with the hash of the whole folder.
 */
export function renderMainConfig(config: EdgeConfig): string {
  return `${processSettings()}
http {
${indent(httpSettings(config))}
  include routes/*/upstream.conf;
  include routes/*/internal.conf;

  server {
    listen ${PUBLIC_PORT} default_server;
    server_name _;
    ${healthLocation()}
    include routes/*/public.conf;
    # Until a route covers a path, say so instead of serving files.
    location ~ .* {
      return 503;
    }
  }

  server {
    listen 127.0.0.1:${STATUS_PORT};
    access_log off;
    include version.conf;
    include routes/*/probe.conf;
  }
}
`;
}

/** What a fresh nginx serves before the first activation; it never changes, so it never replaces the container. */
export function renderBootConfig(): string {
  return `${processSettings()}
http {
${indent(temporaryPaths())}
  access_log off;
  server {
    listen ${PUBLIC_PORT} default_server;
    ${healthLocation()}
    location / {
      return 503;
    }
  }
}
`;
}

function processSettings(): string {
  return `worker_processes auto;
pid /tmp/nginx.pid;
error_log /dev/stderr warn;
worker_shutdown_timeout 30s;
events {
  worker_connections 1024;
}`;
}

function healthLocation(): string {
  return `location = ${HEALTH_PATH} {
      access_log off;
      default_type text/plain;
      return 200 "ok\\n";
    }`;
}

function httpSettings({ trustedProxies, maxBodySize = "10m" }: EdgeConfig): string {
  return `log_format json escape=json '{"time":"$time_iso8601","request_id":"$request_id","client":"$remote_addr",'
  '"method":"$request_method","uri":"$uri","status":$status,"bytes":$body_bytes_sent,'
  '"seconds":$request_time,"upstream":"$upstream_addr","upstream_seconds":"$upstream_response_time"}';
access_log /dev/stdout json;
server_tokens off;

${temporaryPaths()}
client_max_body_size ${maxBodySize};
keepalive_timeout ${KEEPALIVE_SECONDS}s;
keepalive_min_timeout ${KEEPALIVE_SECONDS}s;

# Docker's own resolver: a container that restarts under a new address is found again.
resolver 127.0.0.11 valid=1s ipv6=off;
resolver_timeout 2s;

${trustedProxies.map((cidr) => `set_real_ip_from ${cidr};\n`).join("")}real_ip_header X-Forwarded-For;
real_ip_recursive on;
# What a proxy in front says of the client's scheme counts only when it is one of the trusted.
geo $realip_remote_addr $trusted_proxy {
  default 0;
${trustedProxies.map((cidr) => `  ${cidr} 1;\n`).join("")}}
map "$trusted_proxy:$http_x_forwarded_proto" $forwarded_proto {
  default $scheme;
  "1:https" https;
  "1:http" http;
}

proxy_http_version 1.1;
proxy_connect_timeout 2s;
proxy_set_header Connection "";
proxy_set_header Host $http_host;
proxy_set_header X-Request-Id $request_id;
proxy_set_header X-Real-IP $remote_addr;
proxy_set_header X-Forwarded-For $remote_addr;
proxy_set_header X-Forwarded-Proto $forwarded_proto;
`;
}

/** Everything else is read-only. */
function temporaryPaths(): string {
  return ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path /tmp/${name};\n`)
    .join("");
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
