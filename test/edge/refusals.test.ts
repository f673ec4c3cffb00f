import { refusals, refusalVariables } from "../../components/edge/refusals";
import { edgeSettings } from "../support/edge";

const behindProxy = edgeSettings({ publicUrl: "https://www.example.com/app", trustedProxies: ["host"] });

test("what is refused where a proxy in front terminates TLS", () => {
  expect(refusalVariables(behindProxy, "/healthy") + refusals(behindProxy)).toMatchInlineSnapshot(`
   "map "$edge_host $request_uri" $unknown_host {
     default 0;
     "~^ (?!/healthy(\\?|$))" 1;
   }
   map "$trusted_proxy $told_proto $request_uri" $plain_http {
     default 1;
     "~^1 https " 0;
     "~^\\d \\w* /healthy(\\?|$)" 0;
     "~^1  " 2;
   }
   if ($strange_target) {
     return 400;
   }
   if ($plain_http = 1) {
     return 308 https://www.example.com$request_uri;
   }
   # A redirect would come back by the same way.
   if ($plain_http = 2) {
     return 421;
   }
   if ($unknown_host) {
     return 421;
   }
   "
  `);
});

test.each([
  ["plain HTTP", edgeSettings()],
  ["TLS by nginx", edgeSettings({ publicUrl: "https://www.example.com", tls: { mode: "files" } })],
])("with %s nobody has to say how a request came", (_name, edge) => {
  expect(refusalVariables(edge, "/healthy") + refusals(edge)).not.toContain("$plain_http");
});
