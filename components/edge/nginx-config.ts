import { hostVariables } from "./allowed-hosts";
import { compression, foreignRequestVariables } from "./compression";
import { EdgeSettings } from "./edge-settings";
import { errorPages, errorVariables, missingSlash } from "./error-pages";
import { forwardedVariables, passedHeaders } from "./forwarding";
import { indent } from "./indent";
import { refusals, refusalVariables } from "./refusals";
import { targetVariables } from "./request-target";
import { headerVariables, responseHeaders } from "./response-headers";
import { redirectServer, tlsListener } from "./tls";

/** Port of the plain HTTP listener inside the container; far from those that services listen on, and calls are sent to. */
export const PUBLIC_PORT = 10080;
/** Port of the HTTPS listener inside the container. */
export const TLS_PORT = 10443;
/** Loopback port on which the edge tells which configuration it serves. */
export const STATUS_PORT = 10081;
/** Answered by nginx itself through the public server block. */
export const HEALTH_PATH = "/nginx-health";

/** Names of the TLS files beside the main configuration. */
export const TLS_FILES = { certificate: "certificate.pem", privateKey: "private-key.pem" } as const;

/**
 * Equal to the minimum, so that no kept-alive connection is closed under a client when nginx reloads. Containers that are
 * replaced are not stopped before that long after the reload: idle connections stay with workers that know no others.
 */
const KEEPALIVE_SECONDS = 5;

/**
 * The main configuration, for a container with so many cores. Routes live in folders beside it and are included, so that
 * each can be activated on its own; the variables they use are always defined here.
 */
export function renderMainConfig(edge: EdgeSettings, cpus: number): string {
  const ownTls = edge.tls.mode === "files";
  return `${processSettings(Math.max(1, Math.ceil(cpus)))}
http {
${indent(httpSettings(edge))}
  include routes/*/upstream.conf;
  include routes/*/internal.conf;

  server {
${indent(ownTls ? tlsListener(TLS_PORT, TLS_FILES) : `listen ${PUBLIC_PORT} default_server;\n`, 2)}    server_name _;
${indent(publicSettings(edge), 2)}
    include routes/*/public.conf;
    # Until a route covers a path, say so instead of serving files.
    location ~ .* {
      return 503;
    }
  }
${ownTls ? `\n${indent(redirectServer(PUBLIC_PORT, edge, `${responseHeaders(edge)}${healthLocation()}`))}` : ""}
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
  return `${processSettings(1)}
http {
${indent(temporaryPaths())}
  access_log off;
${indent(REQUEST_ERRORS)}  server {
    listen ${PUBLIC_PORT} default_server;
${indent(healthLocation(), 2)}
    location / {
      return 503;
    }
  }
}
`;
}

/**
 * A reload leaves old workers with the WebSockets they have: an hour, in which a client would have had to come back
 * anyway. So many at once cost memory for each worker, hence one for each core the container may use.
 */
function processSettings(workers: number): string {
  return `worker_processes ${workers};
pid /tmp/nginx.pid;
error_log /dev/stderr warn;
worker_shutdown_timeout 1h;
events {
  worker_connections 4096;
}`;
}

/**
 * nginx quotes the request line and the Referer with whatever it says of a request, tokens of both included, at every
 * level. Of what befalls requests the access log tells; what befalls nginx itself still is told.
 */
const REQUEST_ERRORS = "error_log /dev/stderr emerg;\n";

/** Where users' requests arrive. */
function publicPort({ tls }: EdgeSettings): number {
  return tls.mode === "files" ? TLS_PORT : PUBLIC_PORT;
}

function healthLocation(): string {
  return `location = ${HEALTH_PATH} {
  access_log off;
  default_type text/plain;
  return 200 "ok\\n";
}
`;
}

function httpSettings(edge: EdgeSettings): string {
  return `# Names of hosts may be longer than nginx expects of what stands in a map; it has to be said before the first.
map_hash_bucket_size 512;
${accessLog()}
${REQUEST_ERRORS}server_tokens off;
# The host and port that nginx would name are those of the container, or whatever a stranger asked for.
absolute_redirect off;
# $answer is set where it says something.
uninitialized_variable_warn off;

${temporaryPaths()}
client_max_body_size ${edge.maxBodyMiB}m;
keepalive_timeout ${KEEPALIVE_SECONDS}s;
keepalive_min_timeout ${KEEPALIVE_SECONDS}s;

# Docker's own resolver: a container that restarts under a new address is found again.
resolver 127.0.0.11 valid=1s ipv6=off;
resolver_timeout 2s;

${forwardedVariables(edge)}
${hostVariables(edge, publicPort(edge))}
${targetVariables()}
${refusalVariables(edge, HEALTH_PATH)}
${passedHeaders(edge)}
${foreignRequestVariables()}
${headerVariables(edge)}${errorVariables()}${rateLimitZone(edge)}`;
}

/** What holds for every answer to the outside. */
function publicSettings(edge: EdgeSettings): string {
  return [
    responseHeaders(edge),
    compression(edge),
    edge.rateLimit ? `limit_req zone=clients burst=${edge.rateLimit.burst} nodelay;\n` : "",
    errorPages(),
    missingSlash(),
    refusals(edge),
    healthLocation(),
  ].join("");
}

/** The path without the query, which may carry tokens. Statuses below 100 would be no numbers: requests cut off. */
function accessLog(): string {
  return `map $status $logged_status {
  default $status;
  "~^0" 0;
}
log_format json escape=json '{"time":"$time_iso8601","request_id":"$edge_request_id","client":"$remote_addr",'
  '"peer":"$realip_remote_addr","scheme":"$forwarded_proto","host":"$host","method":"$request_method","uri":"$path_as_sent",'
  '"protocol":"$server_protocol","status":$logged_status,"bytes":$body_bytes_sent,"user_agent":"$http_user_agent",'
  '"seconds":$request_time,"upstream":"$upstream_addr","upstream_status":"$upstream_status",'
  '"upstream_connect_seconds":"$upstream_connect_time","upstream_seconds":"$upstream_response_time"}';
access_log /dev/stdout json;`;
}

/** By the address of the real client. What was refused stands in the access log, so it is no warning as well. */
function rateLimitZone({ rateLimit }: EdgeSettings): string {
  if (!rateLimit) return "";
  return `limit_req_zone $binary_remote_addr zone=clients:10m rate=${rateLimit.requestsPerSecond}r/s;
limit_req_status 429;
limit_req_log_level info;
`;
}

/** Bodies on the volume, where they take no memory; everything else is read-only. */
function temporaryPaths(): string {
  const bodies = ["client_body", "proxy"].map((name) => `${name}_temp_path /var/cache/nginx/${name};\n`);
  const unused = ["fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path /tmp/${name};\n`);
  return [...bodies, ...unused].join("");
}
