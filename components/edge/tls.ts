import { EdgeSettings } from "./edge-settings";
import { indent } from "./indent";

/** Forward secrecy and authenticated encryption alone; TLS 1.3 has nothing else to choose from. */
const CIPHERS = ["ECDSA", "RSA"].flatMap((kind) =>
  ["AES256-GCM-SHA384", "CHACHA20-POLY1305", "AES128-GCM-SHA256"].map((cipher) => `ECDHE-${kind}-${cipher}`),
);

/** The HTTPS listener. No session tickets: their key would have to be renewed, or one key opens all recorded traffic. */
export function tlsListener(port: number, files: { certificate: string; privateKey: string }): string {
  return `listen ${port} ssl default_server;
http2 on;
ssl_certificate ${files.certificate};
ssl_certificate_key ${files.privateKey};
ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ${CIPHERS.join(":")};
ssl_prefer_server_ciphers on;
ssl_session_tickets off;
ssl_session_cache shared:tls:2m;
ssl_session_timeout 1h;
`;
}

/** The plain HTTP listener beside it, which sends everybody to the public URL: the request's own host may be made up. */
export function redirectServer(port: number, { publicUrl }: EdgeSettings, settings: string): string {
  return `server {
  listen ${port} default_server;
  server_name _;
${indent(settings)}  location / {
    return 308 ${new URL(publicUrl).origin}$request_uri;
  }
}
`;
}
