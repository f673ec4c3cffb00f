import { forwardedVariables, passedHeaders } from "../../components/edge/forwarding";
import { edgeSettings } from "../support/edge";

test("whom nginx believes, and what", () => {
  expect(forwardedVariables(edgeSettings({ trustedProxies: ["172.16.0.0/12", "10.0.0.0/8"] }))).toMatchInlineSnapshot(`
   "set_real_ip_from 172.16.0.0/12;
   set_real_ip_from 10.0.0.0/8;
   real_ip_header X-Forwarded-For;
   real_ip_recursive on;
   geo $realip_remote_addr $trusted_proxy {
     default 0;
     172.16.0.0/12 1;
     10.0.0.0/8 1;
   }
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
     include public-subnets.conf;
   }
   "
  `);
});

test("a proxy on the host has the address that an activation writes down", () => {
  const text = forwardedVariables(edgeSettings({ trustedProxies: ["host", "10.0.0.0/8"] }));
  expect(text).toContain("set_real_ip_from 10.0.0.0/8;\ninclude host-real-ip.conf;\n");
  expect(text).toContain("  10.0.0.0/8 1;\n  include host-gateway.conf;\n}");
  expect(forwardedVariables(edgeSettings())).not.toContain("host-");
});

test("without trusted proxies nobody's forwarded address is believed", () => {
  const text = forwardedVariables(edgeSettings({ trustedProxies: [] }));
  expect(text).not.toContain("set_real_ip_from");
  expect(text).toContain("geo $realip_remote_addr $trusted_proxy {\n  default 0;\n}\n");
});

test("what services are told", () => {
  expect(passedHeaders(edgeSettings())).toMatchInlineSnapshot(`
   "map $http_upgrade $upgrade {
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
   proxy_send_timeout 25s;
   proxy_read_timeout 25s;
   proxy_set_header Upgrade $upgrade;
   proxy_set_header Connection $upgrade_connection;
   proxy_set_header Host $passed_host;
   proxy_set_header Accept-Encoding "";
   proxy_set_header X-Request-Id $edge_request_id;
   proxy_set_header X-Real-IP $remote_addr;
   proxy_set_header X-Forwarded-For $remote_addr;
   proxy_set_header X-Forwarded-Proto $forwarded_proto;
   proxy_set_header X-Forwarded-Host $passed_host;
   proxy_set_header Forwarded "";
   proxy_set_header Forwarded-For "";
   proxy_set_header Proxy "";
   proxy_set_header Front-End-Https "";
   proxy_set_header Client-IP "";
   proxy_set_header Remote-Addr "";
   proxy_set_header True-Client-IP "";
   proxy_set_header CF-Connecting-IP "";
   proxy_set_header CF-Connecting-IPv6 "";
   proxy_set_header CF-Pseudo-IPv4 "";
   proxy_set_header CloudFront-Viewer-Address "";
   proxy_set_header DO-Connecting-IP "";
   proxy_set_header Fastly-Client-IP "";
   proxy_set_header Fly-Client-IP "";
   proxy_set_header X-Appengine-User-IP "";
   proxy_set_header X-Azure-ClientIP "";
   proxy_set_header X-Azure-SocketIP "";
   proxy_set_header X-Envoy-External-Address "";
   proxy_set_header X-Envoy-Original-Path "";
   proxy_set_header X-Nf-Client-Connection-IP "";
   proxy_set_header X-Vercel-Forwarded-For "";
   proxy_set_header X-Forwarded-Port "";
   proxy_set_header X-Forwarded-Prefix "";
   proxy_set_header X-Forwarded-Server "";
   proxy_set_header X-Forwarded-Scheme "";
   proxy_set_header X-Forwarded-Protocol "";
   proxy_set_header X-Forwarded-Ssl "";
   proxy_set_header X-Forwarded-By "";
   proxy_set_header X-Forwarded-Path "";
   proxy_set_header X-Forwarded-Uri "";
   proxy_set_header X-Forwarded-Method "";
   proxy_set_header X-Forwarded "";
   proxy_set_header X-Client-IP "";
   proxy_set_header X-Cluster-Client-IP "";
   proxy_set_header X-Original-Forwarded-For "";
   proxy_set_header X-Originating-IP "";
   proxy_set_header X-ProxyUser-IP "";
   proxy_set_header X-Remote-Addr "";
   proxy_set_header X-Remote-IP "";
   proxy_set_header X-Scheme "";
   proxy_set_header X-Url-Scheme "";
   proxy_set_header X-Host "";
   proxy_set_header X-Original-Host "";
   proxy_set_header X-Original-URL "";
   proxy_set_header X-Original-URI "";
   proxy_set_header X-Rewrite-URL "";
   proxy_set_header X-Forwarded-User "";
   proxy_set_header X-Forwarded-Email "";
   proxy_set_header X-Forwarded-Groups "";
   proxy_set_header X-Forwarded-Preferred-Username "";
   proxy_set_header X-Forwarded-Access-Token "";
   proxy_set_header X-Forwarded-Client-Cert "";
   proxy_set_header X-Forwarded-Tls-Client-Cert "";
   proxy_set_header X-Forwarded-Tls-Client-Cert-Info "";
   proxy_set_header X-Auth-Request-User "";
   proxy_set_header X-Auth-Request-Email "";
   proxy_set_header X-Auth-Request-Groups "";
   proxy_set_header X-Auth-Request-Preferred-Username "";
   proxy_set_header X-Auth-Request-Access-Token "";
   proxy_set_header Remote-User "";
   proxy_set_header Remote-Email "";
   proxy_set_header Remote-Groups "";
   proxy_set_header Remote-Name "";
   proxy_set_header X-Remote-User "";
   proxy_set_header X-Remote-Group "";
   proxy_set_header X-Authenticated-User "";
   proxy_set_header X-WebAuth-User "";
   proxy_set_header CF-Access-Authenticated-User-Email "";
   proxy_set_header X-Goog-Authenticated-User-Email "";
   proxy_set_header X-Goog-Authenticated-User-ID "";
   proxy_set_header X-Amzn-Oidc-Identity "";
   proxy_set_header X-MS-Client-Principal "";
   proxy_set_header X-MS-Client-Principal-ID "";
   proxy_set_header X-MS-Client-Principal-Name "";
   proxy_set_header Tailscale-User-Login "";
   proxy_set_header Tailscale-User-Name "";
   proxy_set_header Client-Cert "";
   proxy_set_header Client-Cert-Chain "";
   proxy_set_header SSL-Client-Cert "";
   proxy_set_header X-Client-Cert "";
   proxy_set_header X-ARR-ClientCert "";
   proxy_set_header X-SSL "";
   proxy_set_header X-SSL-Cert "";
   proxy_set_header X-SSL-Issuer "";
   proxy_set_header X-SSL-Client-Cert "";
   proxy_set_header X-SSL-Client-CN "";
   proxy_set_header X-SSL-Client-DN "";
   proxy_set_header X-SSL-Client-S-DN "";
   proxy_set_header X-SSL-Client-I-DN "";
   proxy_set_header X-SSL-Client-Issuer "";
   proxy_set_header X-SSL-Client-Serial "";
   proxy_set_header X-SSL-Client-Verify "";
   proxy_set_header X-SSL-Client-Fingerprint "";
   proxy_set_header X-SSL-Client-SHA1 "";
   proxy_set_header X-SSL-Client-Subject "";
   proxy_set_header X-SSL-Client-Subject-DN "";
   proxy_set_header X-SSL-Client-Issuer-DN "";
   proxy_set_header X-SSL-Client-NotBefore "";
   proxy_set_header X-SSL-Client-NotAfter "";
   proxy_set_header X-SSL-Client-S-DN-CN "";
   proxy_set_header X-SSL-Client-V-Start "";
   proxy_set_header X-SSL-Client-V-End "";
   "
  `);
});
