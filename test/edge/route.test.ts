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
     proxy_pass http://backend;
   }

   location = /health {
     proxy_pass http://backend;
   }

   server {
     listen 8000;
     server_name backend;
     # Paths of calls between services may carry tokens; each service logs what it answers.
     access_log off;
     location / {
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
