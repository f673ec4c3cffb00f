import { renderBootConfig, renderMainConfig } from "../../components/edge/nginx-config";
import { edgeSettings } from "../support/edge";

const render = (changes: Parameters<typeof edgeSettings>[0] = {}, cpus = 0.5) =>
  renderMainConfig(edgeSettings(changes), cpus);
const TLS = {
  publicUrl: "https://www.example.com",
  httpsPort: 443,
  tls: { mode: "files" },
} as const;

/** The text of the server blocks, without the parts that have tests of their own. */
const servers = (text: string) =>
  text
    .slice(text.indexOf("  server {"))
    .split("\n")
    .filter((line) => !/^ +(proxy_hide_header|add_header|gzip|error_page|ssl_)/.test(line))
    .join("\n")
    .replace(/ {4}location @error-page [\s\S]*?requestId[^\n]*\n {4}\}\n/, "");

test("the frame of the main configuration", () => {
  const text = render();
  expect(text.slice(text.indexOf("  server_tokens"), text.indexOf("  real_ip_header"))).toMatchInlineSnapshot(`
   "  server_tokens off;
     # The host and port that nginx would name are those of the container, or whatever a stranger asked for.
     absolute_redirect off;
     # $answer is set where it says something.
     uninitialized_variable_warn off;

     client_body_temp_path /var/cache/nginx/client_body;
     proxy_temp_path /var/cache/nginx/proxy;
     fastcgi_temp_path /tmp/fastcgi;
     uwsgi_temp_path /tmp/uwsgi;
     scgi_temp_path /tmp/scgi;

     client_max_body_size 10m;
     keepalive_timeout 5s;
     keepalive_min_timeout 5s;

     # Docker's own resolver: a container that restarts under a new address is found again.
     resolver 127.0.0.11 valid=1s ipv6=off;
     resolver_timeout 2s;

   "
  `);
  expect(servers(text)).toMatchInlineSnapshot(`
   "  server {
       listen 10080 default_server;
       server_name _;
       location @missing-slash {
         set $answer error;
         return 308 $sent_http_location;
       }
       if ($strange_target) {
         return 400;
       }
       if ($unknown_host) {
         return 421;
       }
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

test("with TLS of its own, plain HTTP leads to the public URL, but for the health check", () => {
  expect(servers(render(TLS))).toMatchInlineSnapshot(`
   "  server {
       listen 10443 ssl default_server;
       http2 on;
       server_name _;
       location @missing-slash {
         set $answer error;
         return 308 $sent_http_location;
       }
       if ($strange_target) {
         return 400;
       }
       if ($unknown_host) {
         return 421;
       }
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
       listen 10080 default_server;
       server_name _;
       location = /nginx-health {
         access_log off;
         default_type text/plain;
         return 200 "ok\\n";
       }
       location / {
         return 308 https://www.example.com$request_uri;
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

test("the TLS listener", () => {
  const lines = render(TLS).split("\n");
  expect(lines.filter((line) => /^ +(listen 10443|http2|ssl_)/.test(line)).join("\n")).toMatchInlineSnapshot(`
   "    listen 10443 ssl default_server;
       http2 on;
       ssl_certificate certificate.pem;
       ssl_certificate_key private-key.pem;
       ssl_protocols TLSv1.2 TLSv1.3;
       ssl_ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256;
       ssl_prefer_server_ciphers on;
       ssl_session_tickets off;
       ssl_session_cache shared:tls:2m;
       ssl_session_timeout 1h;"
  `);
});

test("the access log", () => {
  expect(/log_format[^;]+;\n.*\n/.exec(render())?.[0]).toMatchInlineSnapshot(`
   "log_format json escape=json '{"time":"$time_iso8601","request_id":"$edge_request_id","client":"$remote_addr",'
       '"peer":"$realip_remote_addr","scheme":"$forwarded_proto","host":"$host","method":"$request_method","uri":"$path_as_sent",'
       '"protocol":"$server_protocol","status":$logged_status,"bytes":$body_bytes_sent,"user_agent":"$http_user_agent",'
       '"seconds":$request_time,"upstream":"$upstream_addr","upstream_status":"$upstream_status",'
       '"upstream_connect_seconds":"$upstream_connect_time","upstream_seconds":"$upstream_response_time"}';
     access_log /dev/stdout json;
   "
  `);
});

test("the boot configuration answers its health check and refuses everything else", () => {
  expect(renderBootConfig()).toMatchInlineSnapshot(`
   "worker_processes 1;
   pid /tmp/nginx.pid;
   error_log /dev/stderr warn;
   worker_shutdown_timeout 1h;
   events {
     worker_connections 4096;
   }
   http {
     client_body_temp_path /var/cache/nginx/client_body;
     proxy_temp_path /var/cache/nginx/proxy;
     fastcgi_temp_path /tmp/fastcgi;
     uwsgi_temp_path /tmp/uwsgi;
     scgi_temp_path /tmp/scgi;

     access_log off;
     error_log /dev/stderr emerg;
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

test("nothing of the settings is in the boot configuration: it would replace nginx", () => {
  expect(renderBootConfig()).not.toMatch(/ssl|add_header|limit_req|proxy_pass/);
});

test("the limit of bodies and the patience with services can be set", () => {
  const text = render({ maxBodyMiB: 25, readTimeoutSeconds: 90 });
  expect(text).toContain("  client_max_body_size 25m;\n");
  expect(text).toContain("  proxy_send_timeout 90s;\n  proxy_read_timeout 90s;\n");
});

test("a rate limit counts by the address of the client, and its refusals are 429", () => {
  const text = render({ rateLimit: { requestsPerSecond: 20, burst: 100 } });
  expect(text).toContain(
    "  limit_req_zone $binary_remote_addr zone=clients:10m rate=20r/s;\n  limit_req_status 429;\n",
  );
  expect(text).toContain("    limit_req zone=clients burst=100 nodelay;\n");
  expect(render()).not.toContain("limit_req");
});

test.each([
  [0.1, 1],
  [1, 1],
  [1.5, 2],
  [4, 4],
])("%s cores: %s workers", (cpus, workers) => {
  expect(render({}, cpus)).toMatch(new RegExp(`^worker_processes ${workers};\n`));
});

test("kept-alive connections survive a reload: the shortest time is the only time", () => {
  const [timeout, minimum] = ["keepalive_timeout", "keepalive_min_timeout"].map(
    (directive) => new RegExp(`^  ${directive} (\\S+);$`, "m").exec(render())?.[1],
  );
  expect(timeout).toMatch(/^\d+s$/);
  expect(minimum).toBe(timeout);
});

test.each([
  ["main", render()],
  [
    "main with everything",
    render({ ...TLS, rateLimit: { requestsPerSecond: 1, burst: 0 }, trustedProxies: ["10.0.0.0/8"] }),
  ],
  ["main with little", render({ gzip: false })],
  ["boot", renderBootConfig()],
])("braces of the %s configuration are balanced and no line ends in a blank", (_name, text) => {
  expect(text.split("{").length).toBe(text.split("}").length);
  expect(text).not.toMatch(/[ \t]$/m);
});
