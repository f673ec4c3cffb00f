import { contentSecurityPolicy, headerVariables, responseHeaders } from "../../components/edge/response-headers";
import { edgeSettings } from "../support/edge";

const policy = (changes: Parameters<typeof edgeSettings>[0]) => contentSecurityPolicy(edgeSettings(changes));

test("every header is sent with every status, and what a service sends of them is not", () => {
  expect(responseHeaders(edgeSettings())).toMatchInlineSnapshot(`
   "proxy_hide_header Cache-Control;
   proxy_hide_header Content-Security-Policy;
   proxy_hide_header Permissions-Policy;
   proxy_hide_header Referrer-Policy;
   proxy_hide_header Strict-Transport-Security;
   proxy_hide_header X-Content-Type-Options;
   proxy_hide_header X-Frame-Options;
   proxy_hide_header X-Powered-By;
   proxy_hide_header X-Request-Id;
   add_header Cache-Control $cache_control always;
   add_header Content-Security-Policy "default-src 'self'; connect-src 'self' ws://127.0.0.1:8080; img-src 'self' data:; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'" always;
   add_header Permissions-Policy $permissions_policy always;
   add_header Referrer-Policy $referrer_policy always;
   add_header Strict-Transport-Security $transport_security always;
   add_header X-Content-Type-Options nosniff always;
   add_header X-Frame-Options DENY always;
   add_header X-Request-Id $edge_request_id always;
   "
  `);
});

test("variables of the headers", () => {
  expect(headerVariables(edgeSettings({ staticCache: "immutable" }))).toMatchInlineSnapshot(`
   "map "$answer $status" $cache_control {
     default $upstream_http_cache_control;
     "~^static (200|206|304)$" "public, max-age=31536000, immutable";
     "~^(static|error) " "no-store";
   }
   map $forwarded_proto $transport_security {
     https "max-age=31536000";
   }
   # The stricter wishes of a service count: pages whose address is a secret, or that need the camera.
   map $upstream_http_referrer_policy $referrer_policy {
     default $upstream_http_referrer_policy;
     "" "strict-origin-when-cross-origin";
   }
   map $upstream_http_permissions_policy $permissions_policy {
     default $upstream_http_permissions_policy;
     "" "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
   }
   "
  `);
});

test("without a cache nothing under static paths is kept", () => {
  expect(headerVariables(edgeSettings({ staticCache: "off" }))).toContain('"~^static (200|206|304)$" "no-store";');
});

test("the strict policy: the own origin and its sockets, nothing inline, nothing evaluated", () => {
  const strict = policy({ publicUrl: "https://www.example.com/", contentSecurityPolicy: "strict" });
  expect(strict).toBe(
    "default-src 'self'; connect-src 'self' wss://www.example.com; img-src 'self' data:; base-uri 'self'; " +
      "form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  );
});

test("sockets are those of the public URL, with its port, and plain where it is", () => {
  expect(policy({ publicUrl: "http://127.0.0.1:8090" })).toContain("connect-src 'self' ws://127.0.0.1:8090;");
});

test("the policy of development lets a development server work", () => {
  expect(policy({ contentSecurityPolicy: "development" })).toBe(
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob: http: https: ws: wss:; base-uri 'self'; " +
      "form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  );
});

test.each([
  ["nobody", [], "frame-ancestors 'none';", "add_header X-Frame-Options DENY always;"],
  ["itself", ["'self'"], "frame-ancestors 'self';", "add_header X-Frame-Options SAMEORIGIN always;"],
  [
    "others, whom the old header cannot name",
    ["https://web.telegram.org", "https://*.example.com"],
    "frame-ancestors https://web.telegram.org https://*.example.com;",
    undefined,
  ],
])("a page in a frame of %s", (_name, frameAncestors, directive, old) => {
  const headers = responseHeaders(edgeSettings({ frameAncestors }));
  expect(headers).toContain(directive);
  expect(/add_header X-Frame-Options.*/.exec(headers)?.[0]).toBe(old);
});
