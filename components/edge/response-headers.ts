import { EdgeSettings } from "./edge-settings";

/** A year: what is once known to speak TLS is asked by TLS alone. */
const TRANSPORT_SECURITY = "max-age=31536000";

/** A service that needs one of these says so in a header of its own, which wins. */
const PERMISSIONS = ["camera", "geolocation", "microphone", "payment", "usb"].map((name) => `${name}=()`).join(", ");

/** Of these nginx has the last word; what a service sends of them does not reach the browser. */
const REPLACED = [
  ...["Cache-Control", "Content-Security-Policy", "Permissions-Policy", "Referrer-Policy", "Strict-Transport-Security"],
  ...["X-Content-Type-Options", "X-Frame-Options", "X-Powered-By", "X-Request-Id"],
];

/**
 * Variables of the headers below. `$answer` is "static" under static paths and "error" on pages of nginx itself; nothing
 * is kept of an answer under a static path that is none, for example while the new files are not there yet.
 */
export function headerVariables({ staticCache }: EdgeSettings): string {
  return `map "$answer $status" $cache_control {
  default $upstream_http_cache_control;
  "~^static (200|206|304)$" "${staticCache === "immutable" ? "public, max-age=31536000, immutable" : "no-store"}";
  "~^(static|error) " "no-store";
}
map $forwarded_proto $transport_security {
  https "${TRANSPORT_SECURITY}";
}
# The stricter wishes of a service count: pages whose address is a secret, or that need the camera.
map $upstream_http_referrer_policy $referrer_policy {
  default $upstream_http_referrer_policy;
  "" "strict-origin-when-cross-origin";
}
map $upstream_http_permissions_policy $permissions_policy {
  default $upstream_http_permissions_policy;
  "" "${PERMISSIONS}";
}
`;
}

/** Headers of every answer of the public listeners, also of those that nginx makes. Empty ones are not sent. */
export function responseHeaders(edge: EdgeSettings): string {
  const headers: Record<string, string> = {
    "Cache-Control": "$cache_control",
    "Content-Security-Policy": `"${contentSecurityPolicy(edge)}"`,
    "Permissions-Policy": "$permissions_policy",
    "Referrer-Policy": "$referrer_policy",
    "Strict-Transport-Security": "$transport_security",
    "X-Content-Type-Options": "nosniff",
    ...frameOptions(edge),
    "X-Request-Id": "$edge_request_id",
  };
  const hide = REPLACED.map((name) => `proxy_hide_header ${name};\n`);
  const add = Object.entries(headers).map(([name, value]) => `add_header ${name} ${value} always;\n`);
  return [...hide, ...add].join("");
}

/** The value of the header, by the host of the public URL. */
export function contentSecurityPolicy({
  publicUrl,
  contentSecurityPolicy: kind,
  frameAncestors,
}: Pick<EdgeSettings, "publicUrl" | "contentSecurityPolicy" | "frameAncestors">): string {
  const { host, protocol } = new URL(publicUrl);
  const ancestors = frameAncestors.length > 0 ? frameAncestors.join(" ") : "'none'";
  const common = ["base-uri 'self'", "form-action 'self'", `frame-ancestors ${ancestors}`, "object-src 'none'"];
  if (kind === "development") {
    const anything = "'self' 'unsafe-inline' 'unsafe-eval' data: blob: http: https: ws: wss:";
    return [`default-src ${anything}`, ...common].join("; ");
  }
  const socket = `${protocol === "https:" ? "wss" : "ws"}://${host}`;
  return ["default-src 'self'", `connect-src 'self' ${socket}`, "img-src 'self' data:", ...common].join("; ");
}

/** For browsers that do not know frame-ancestors; the old header cannot name an origin. */
function frameOptions({ frameAncestors }: EdgeSettings): Record<string, string> {
  if (frameAncestors.length === 0) return { "X-Frame-Options": "DENY" };
  return frameAncestors.join() === "'self'" ? { "X-Frame-Options": "SAMEORIGIN" } : {};
}
