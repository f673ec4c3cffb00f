import { redirectServer, tlsListener } from "../../components/edge/tls";
import { edgeSettings } from "../support/edge";

test("the HTTPS listener: forward secrecy and authenticated encryption alone, no session tickets", () => {
  expect(tlsListener(10443, { certificate: "certificate.pem", privateKey: "private-key.pem" })).toMatchInlineSnapshot(`
   "listen 10443 ssl default_server;
   http2 on;
   ssl_certificate certificate.pem;
   ssl_certificate_key private-key.pem;
   ssl_protocols TLSv1.2 TLSv1.3;
   ssl_ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256;
   ssl_prefer_server_ciphers on;
   ssl_session_tickets off;
   ssl_session_cache shared:tls:2m;
   ssl_session_timeout 1h;
   "
  `);
});

test("the redirect goes to the public URL's origin, whatever host was asked for", () => {
  const edge = edgeSettings({ publicUrl: "https://www.example.com:8443/app/" });
  expect(redirectServer(10080, edge, "location = /health {\n}\n")).toBe(`server {
  listen 10080 default_server;
  server_name _;
  location = /health {
  }
  location / {
    return 308 https://www.example.com:8443$request_uri;
  }
}
`);
});
