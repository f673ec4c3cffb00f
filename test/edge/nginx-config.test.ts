import { renderBootConfig, renderMainConfig } from "../../components/edge/nginx-config";

test("the whole main configuration", () => {
  expect(renderMainConfig({ trustedProxies: ["172.16.0.0/12", "10.0.0.0/8"] })).toMatchInlineSnapshot(`
   "worker_processes auto;
   pid /tmp/nginx.pid;
   error_log /dev/stderr warn;
   worker_shutdown_timeout 30s;
   events {
     worker_connections 1024;
   }
   http {
     log_format json escape=json '{"time":"$time_iso8601","request_id":"$request_id","client":"$remote_addr",'
       '"method":"$request_method","uri":"$uri","status":$status,"bytes":$body_bytes_sent,'
       '"seconds":$request_time,"upstream":"$upstream_addr","upstream_seconds":"$upstream_response_time"}';
     access_log /dev/stdout json;
     server_tokens off;

     client_body_temp_path /tmp/client_body;
     proxy_temp_path /tmp/proxy;
     fastcgi_temp_path /tmp/fastcgi;
     uwsgi_temp_path /tmp/uwsgi;
     scgi_temp_path /tmp/scgi;

     client_max_body_size 10m;
     keepalive_timeout 15s;
     keepalive_min_timeout 15s;

     # Docker's own resolver: a container that restarts under a new address is found again.
     resolver 127.0.0.11 valid=1s ipv6=off;
     resolver_timeout 2s;

     set_real_ip_from 172.16.0.0/12;
     set_real_ip_from 10.0.0.0/8;
     real_ip_header X-Forwarded-For;
     real_ip_recursive on;
     # What a proxy in front says of the client's scheme counts only when it is one of the trusted.
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

     proxy_http_version 1.1;
     proxy_connect_timeout 2s;
     proxy_set_header Connection "";
     proxy_set_header Host $http_host;
     proxy_set_header X-Request-Id $request_id;
     proxy_set_header X-Real-IP $remote_addr;
     proxy_set_header X-Forwarded-For $remote_addr;
     proxy_set_header X-Forwarded-Proto $forwarded_proto;

     include routes/*/upstream.conf;
     include routes/*/internal.conf;

     server {
       listen 10080 default_server;
       server_name _;
       location = /nginx-health {
         access_log off;
         default_type text/plain;
         return 200 "ok\\n";
       }
       include routes/*/public.conf;
       # Until a route covers a path, say so instead of serving files.
       location ~ .* {
         return 503;
       }
     }

     server {
       listen 127.0.0.1:10081;
       access_log off;
       include version.conf;
       include routes/*/probe.conf;
     }
   }
   "
  `);
});

test("the boot configuration answers its health check and refuses everything else", () => {
  expect(renderBootConfig()).toMatchInlineSnapshot(`
   "worker_processes auto;
   pid /tmp/nginx.pid;
   error_log /dev/stderr warn;
   worker_shutdown_timeout 30s;
   events {
     worker_connections 1024;
   }
   http {
     client_body_temp_path /tmp/client_body;
     proxy_temp_path /tmp/proxy;
     fastcgi_temp_path /tmp/fastcgi;
     uwsgi_temp_path /tmp/uwsgi;
     scgi_temp_path /tmp/scgi;

     access_log off;
     server {
       listen 10080 default_server;
       location = /nginx-health {
         access_log off;
         default_type text/plain;
         return 200 "ok\\n";
       }
       location / {
         return 503;
       }
     }
   }
   "
  `);
});

test("without trusted proxies nobody's forwarded address is believed", () => {
  expect(renderMainConfig({ trustedProxies: [] })).not.toContain("set_real_ip_from");
});

test("the body limit can be set", () => {
  const config = renderMainConfig({ trustedProxies: [], maxBodySize: "1m" });
  expect(config).toContain("  client_max_body_size 1m;\n");
});

test("kept-alive connections survive a reload: the shortest time is the only time", () => {
  const [timeout, minimum] = ["keepalive_timeout", "keepalive_min_timeout"].map(
    (directive) => new RegExp(`^  ${directive} (\\S+);$`, "m").exec(renderMainConfig({ trustedProxies: [] }))?.[1],
  );
  expect(timeout).toMatch(/^\d+s$/);
  expect(minimum).toBe(timeout);
});

test.each([
  ["main", renderMainConfig({ trustedProxies: [] })],
  ["boot", renderBootConfig()],
])("braces of the %s configuration are balanced and no line ends in a blank", (_name, text) => {
  expect(text.split("{").length).toBe(text.split("}").length);
  expect(text).not.toMatch(/[ \t]$/m);
});
