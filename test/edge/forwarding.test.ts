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
   proxy_set_header Proxy "";
   proxy_set_header Front-End-Https "";
   proxy_set_header Client-IP "";
   proxy_set_header True-Client-IP "";
   proxy_set_header CF-Connecting-IP "";
   proxy_set_header Fastly-Client-IP "";
   proxy_set_header X-Forwarded-Port "";
   proxy_set_header X-Forwarded-Prefix "";
   proxy_set_header X-Forwarded-Server "";
   proxy_set_header X-Forwarded-Scheme "";
   proxy_set_header X-Forwarded-Protocol "";
   proxy_set_header X-Forwarded-Ssl "";
   proxy_set_header X-Forwarded-By "";
   proxy_set_header X-Forwarded-Path "";
   proxy_set_header X-Forwarded-Uri "";
   proxy_set_header X-Client-IP "";
   proxy_set_header X-Cluster-Client-IP "";
   proxy_set_header X-Original-Forwarded-For "";
   proxy_set_header X-Scheme "";
   proxy_set_header X-Url-Scheme "";
   proxy_set_header X-Host "";
   proxy_set_header X-Original-Host "";
   proxy_set_header X-Original-URL "";
   proxy_set_header X-Original-URI "";
   proxy_set_header X-Rewrite-URL "";
   "
  `);
});
