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
   "
  `);
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
   proxy_connect_timeout 2s;
   proxy_send_timeout 25s;
   proxy_read_timeout 25s;
   proxy_set_header Upgrade $upgrade;
   proxy_set_header Connection $upgrade_connection;
   proxy_set_header Host $http_host;
   proxy_set_header Accept-Encoding "";
   proxy_set_header X-Request-Id $edge_request_id;
   proxy_set_header X-Real-IP $remote_addr;
   proxy_set_header X-Forwarded-For $remote_addr;
   proxy_set_header X-Forwarded-Proto $forwarded_proto;
   proxy_set_header X-Forwarded-Host $forwarded_host;
   proxy_set_header X-Forwarded-Port "";
   proxy_set_header X-Forwarded-Prefix "";
   proxy_set_header Forwarded "";
   proxy_set_header Proxy "";
   "
  `);
});
