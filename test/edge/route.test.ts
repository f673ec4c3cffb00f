import { renderRoute, Route } from "../../components/edge/route";

const route: Route = {
  service: "backend",
  port: 8000,
  readinessPath: "/ready",
  paths: [{ path: "/api/" }, { path: "/health", exact: true }],
};

test("all files of a route with two replicas", () => {
  const files = renderRoute(route, ["backend-1a", "backend-2b"]);
  expect(Object.keys(files)).toEqual(["servers.conf", "upstream.conf", "public.conf", "internal.conf", "probe.conf"]);
  expect(Object.values(files).join("\n")).toMatchInlineSnapshot(`
   "server backend-1a:8000 resolve max_fails=0;
   server backend-2b:8000 resolve max_fails=0;

   upstream backend {
     zone backend 64k;
     include routes/backend/servers.conf;
     include routes/backend/retiring.con[f];
     keepalive 16;
   }
   upstream backend-new {
     zone backend-new 64k;
     include routes/backend/servers.conf;
   }

   location ^~ /api/ {
     if ($encoded_slash) {
       return 400;
     }
     if ($foreign_request) {
       gzip off;
     }
     proxy_pass http://backend;
   }

   location = /health {
     if ($encoded_slash) {
       return 400;
     }
     if ($foreign_request) {
       gzip off;
     }
     proxy_pass http://backend;
   }

   server {
     listen 8000;
     server_name backend;
     # Paths of calls between services may carry tokens; each service logs what it answers.
     access_log off;
     # Nobody calls from where nginx is published: who gets there tries to pass by the public paths.
     if ($public_segment) {
       return 421;
     }
     location ^~ / {
       proxy_pass http://backend;
     }
   }

   location = /probe/backend {
     proxy_pass http://backend-new/ready;
   }
   "
  `);
});

test("a service without public paths is reachable from inside only", () => {
  const files = renderRoute({ ...route, paths: [] }, ["backend-1a"]);
  expect(files["public.conf"]).toBe("");
  expect(files["internal.conf"]).toContain("server_name backend;");
});

test("routes go to containers by their own names, never by the stable one, which is nginx itself", () => {
  const { "servers.conf": servers } = renderRoute(route, ["backend-1a"]);
  expect(servers).toBe("server backend-1a:8000 resolve max_fails=0;\n");
});

test("without a readiness path, any answer but an error of the server means that the new containers serve", () => {
  const { service, port, paths } = route;
  const { "probe.conf": probe } = renderRoute({ service, port, paths }, ["backend-1a"]);
  expect(probe).toBe(`location = /probe/backend {
  proxy_pass http://backend-new/;
  proxy_intercept_errors on;
  error_page 301 302 303 307 308 400 401 403 404 405 406 410 415 421 426 429 =200 @backend-answers;
}
location @backend-answers {
  return 200;
}
`);
});

test("WebSockets stay open for a day of silence, or as long as is said, on internal calls, too", () => {
  const paths = [
    { path: "/ws", exact: true, webSocket: {} },
    { path: "/live/", webSocket: { readTimeoutSeconds: 600 } },
  ];
  const { "public.conf": publicPaths, "internal.conf": internal } = renderRoute({ ...route, paths }, []);
  expect(publicPaths).toMatchInlineSnapshot(`
   "location = /ws {
     if ($encoded_slash) {
       return 400;
     }
     if ($foreign_request) {
       gzip off;
     }
     proxy_read_timeout 86400s;
     proxy_send_timeout 86400s;
     proxy_pass http://backend;
   }

   location ^~ /live/ {
     if ($encoded_slash) {
       return 400;
     }
     if ($foreign_request) {
       gzip off;
     }
     proxy_read_timeout 600s;
     proxy_send_timeout 600s;
     proxy_pass http://backend;
   }
   "
  `);
  expect(internal).toMatchInlineSnapshot(`
   "server {
     listen 8000;
     server_name backend;
     # Paths of calls between services may carry tokens; each service logs what it answers.
     access_log off;
     # Nobody calls from where nginx is published: who gets there tries to pass by the public paths.
     if ($public_segment) {
       return 421;
     }
     location = /ws {
       proxy_read_timeout 86400s;
       proxy_send_timeout 86400s;
       proxy_pass http://backend;
     }
     location ^~ /live/ {
       proxy_read_timeout 600s;
       proxy_send_timeout 600s;
       proxy_pass http://backend;
     }
     location = /live {
       proxy_pass http://backend;
     }
     location ^~ / {
       proxy_pass http://backend;
     }
   }
   "
  `);
});

test("a service whose every path is for WebSockets has no second location for the root", () => {
  const { "internal.conf": internal } = renderRoute({ ...route, paths: [{ path: "/", webSocket: {} }] }, []);
  expect(internal?.match(/location/g)).toHaveLength(1);
});

test("a service answers for a path without its slash to calls from inside itself, be it its own or not", () => {
  const locations = (paths: Route["paths"]) =>
    renderRoute({ ...route, paths }, [])["internal.conf"]?.match(/location .*(?= \{)/g);
  const live = { path: "/live/", webSocket: {} };
  expect(locations([live])).toEqual(["location ^~ /live/", "location = /live", "location ^~ /"]);
  const own = { path: "/live", exact: true, webSocket: {} };
  expect(locations([live, own])).toEqual(["location ^~ /live/", "location = /live", "location ^~ /"]);
});

test("static paths are marked for the browser's cache, outside alone", () => {
  const files = renderRoute({ ...route, paths: [{ path: "/assets/", static: true }] }, []);
  expect(files["public.conf"]).toContain("  set $answer static;\n  proxy_pass http://backend;\n");
  expect(files["internal.conf"]).not.toContain("$answer");
});

test("a port of its own leads to the service like its internal listener", () => {
  const { "internal.conf": internal } = renderRoute({ ...route, ownPort: 10100 }, []);
  expect(internal).toMatch(/^ {2}listen 8000;\n {2}server_name backend;\n[\s\S]*^ {2}listen 10100;\n/m);
  expect(internal?.match(/proxy_pass http:\/\/backend;/g)).toHaveLength(2);
});
