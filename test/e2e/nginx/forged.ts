// Headers of a client that says it is another.

/** What a client may say of itself in headers. */
export const FORGED = {
  "X-Forwarded-For": "203.0.113.9",
  "X-Forwarded-Proto": "https",
  "X-Forwarded-Host": "forged.example",
  "X-Forwarded-Port": "1",
  "X-Forwarded-Prefix": "/forged",
  "X-Forwarded-Ssl": "on",
  "X-Original-URL": "/forged",
  "X-Real-IP": "203.0.113.9",
  "True-Client-IP": "203.0.113.9",
  "X-Request-Id": "given-by-a-proxy-1",
  Forwarded: "for=203.0.113.9",
  X_Forwarded_For: "203.0.113.9",
  "Fly-Client-IP": "203.0.113.9",
  "X-Azure-ClientIP": "203.0.113.9",
  "X-AppEngine-User-IP": "203.0.113.9",
  "X-Envoy-External-Address": "203.0.113.9",
  "X-ProxyUser-Ip": "203.0.113.9",
  "X-Forwarded-User": "root",
  "X-Forwarded-Email": "root@shop.example.com",
  "X-Forwarded-Client-Cert": "By=x;Subject=CN=root",
  "X-SSL-Client-Verify": "SUCCESS",
  "X-SSL-Client-S-DN": "CN=root",
  "X-Remote-User": "root",
  "Remote-User": "root",
  "X-Auth-Request-User": "root",
};

/** Names of those among them that no service is told, whoever sends them. */
export const UNTOLD = new RegExp(
  "^(forwarded|true-client-ip|x_forwarded_for|x-original-url|fly-client-ip|x-azure-.*|x-appengine-.*|x-envoy-.*|" +
    "x-proxyuser-ip|(x-)?remote-user|x-ssl-.*|x-auth-.*|x-forwarded-(port|prefix|ssl|user|email|client-cert))$",
);
