import { UNCOMPRESSED_FOR_FOREIGNERS } from "./compression";
import { indent } from "./indent";
import { targetCheck } from "./request-target";

/** A way from the outside, or from another service, to the containers of one service. */
export interface Route {
  /** Name of the service behind it, also its stable name inside. */
  readonly service: string;
  /** Port the containers listen on, and the internal listener too. */
  readonly port: number;
  /** Public paths. Empty: reachable from inside only. */
  readonly paths: readonly RoutePath[];
  /** Path that answers 2xx once a container is ready to serve. @default any answer but an error of the server will do */
  readonly readinessPath?: string;
  /** Port of nginx, published on the host, that leads to this service whatever the path. @default none */
  readonly ownPort?: number | undefined;
}

/** A public path: a prefix such as `/api/`, or with `exact` one path alone. */
export interface RoutePath {
  /** Prefix, or the whole path. */
  readonly path: string;
  /** Whether it is one path alone. @default false */
  readonly exact?: boolean;
  /** Whether what lies there never changes under its name, such as files named by a hash. @default false */
  readonly static?: boolean;
  /**
   * Whether what lies there may have `%2F` and `%5C` in its name, as keys of objects may; the service gets them as they
   * came. Elsewhere they are answered 400. @default false
   */
  readonly encodedSlashes?: boolean;
  /** For a path that WebSockets stay open on. Elsewhere they are passed on, too, but end when silent. @default none */
  readonly webSocket?: WebSocketPath;
}

/** How long WebSockets stay open. */
export interface WebSocketPath {
  /** How long one may be silent, either way, in seconds. @default 86400, a day */
  readonly readTimeoutSeconds?: number;
}

const DEFAULT_SILENCE_SECONDS = 86_400;

/** Files of a route, by name inside its own folder of the configuration. */
export function renderRoute(route: Route, containerNames: readonly string[]): Record<string, string> {
  return {
    "servers.conf": containerNames.map((name) => `server ${name}:${route.port} resolve max_fails=0;\n`).join(""),
    "upstream.conf": upstreams(route),
    "public.conf": route.paths.map((path) => publicLocation(route, path)).join("\n"),
    "internal.conf": internalServers(route),
    "probe.conf": probe(route),
  };
}

/** `<service>` serves; `<service>-new` holds only the declared containers, so that they can be probed beforehand. */
function upstreams({ service }: Route): string {
  return `upstream ${service} {
  zone ${service} 64k;
  include routes/${service}/servers.conf;
  include routes/${service}/retiring.con[f];
  keepalive 16;
}
upstream ${service}-new {
  zone ${service}-new 64k;
  include routes/${service}/servers.conf;
}
`;
}

function publicLocation(route: Route, path: RoutePath): string {
  return location(route, path, `${targetCheck(path.path, path.encodedSlashes)}${UNCOMPRESSED_FOR_FOREIGNERS}`);
}

function location({ service }: Route, { path, exact, static: unchanging, webSocket }: RoutePath, more = ""): string {
  const silence = `${webSocket?.readTimeoutSeconds ?? DEFAULT_SILENCE_SECONDS}s`;
  return `location ${exact ? "=" : "^~"} ${path} {
${indent(more)}${unchanging ? "  set $answer static;\n" : ""}${
    webSocket ? `  proxy_read_timeout ${silence};\n  proxy_send_timeout ${silence};\n` : ""
  }  proxy_pass http://${service};
}
`;
}

/** What other services call, over segments that they share with nginx; and the port of development, if it has one. */
function internalServers(route: Route): string {
  const { service, port, ownPort } = route;
  const calls = `server {
  listen ${port};
  server_name ${service};
  # Paths of calls between services may carry tokens; each service logs what it answers.
  access_log off;
  # Nobody calls from where nginx is published: who gets there tries to pass by the public paths.
  if ($public_segment) {
    return 421;
  }
${everyPath(route)}}
`;
  if (ownPort === undefined) return calls;
  return `${calls}server {
  listen ${ownPort};
  access_log off;
  # A page of another site may lead its own name here.
  if ($loopback_host = 0) {
    return 421;
  }
${everyPath(route)}}
`;
}

/** All paths, those of WebSockets with their own patience; and none is sent on to the one with a slash. */
function everyPath(route: Route): string {
  const patient = route.paths.filter(({ webSocket }) => webSocket !== undefined);
  const sockets = [...patient, ...withoutSlash(patient)];
  const everything = sockets.some(({ path, exact }) => path === "/" && !exact) ? [] : [{ path: "/" }];
  return [...sockets, ...everything].map((path) => indent(location(route, { ...path, static: false }))).join("");
}

/** The same paths without their last slash, each alone, where they are none of the given ones. */
function withoutSlash(paths: readonly RoutePath[]): RoutePath[] {
  const prefixes = paths.filter(({ path, exact }) => !exact && /.\/$/.test(path));
  const alone = prefixes.map(({ path }) => ({ path: path.slice(0, -1), exact: true }));
  return alone.filter(({ path }) => !paths.some((each) => each.path === path));
}

function probe({ service, readinessPath }: Route): string {
  if (readinessPath === undefined) return anyAnswerProbe(service);
  return `location = /probe/${service} {
  proxy_pass http://${service}-new${readinessPath};
}
`;
}

/** What a service may say to a request for `/` that was not meant for it. */
const REFUSALS = "301 302 303 307 308 400 401 403 404 405 406 410 415 421 426 429";

function anyAnswerProbe(service: string): string {
  return `location = /probe/${service} {
  proxy_pass http://${service}-new/;
  proxy_intercept_errors on;
  error_page ${REFUSALS} =200 @${service}-answers;
}
location @${service}-answers {
  return 200;
}
`;
}
