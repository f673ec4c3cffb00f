import { EdgeSettings } from "./edge-settings";

/** Text that browsers load, beside HTML, which nginx always compresses. */
const TYPES = [
  ...["text/plain", "text/css", "text/javascript", "application/javascript"],
  ...["application/json", "application/manifest+json", "image/svg+xml"],
];

/**
 * `$foreign_request`: whether a page of another site makes the browser ask. By the length of compressed answers such a
 * page could guess secrets in them (BREACH). Browsers say so in Sec-Fetch-Site; older ones in Referer; what sends neither
 * is no browser that carries somebody's cookies.
 */
export function foreignRequestVariables(): string {
  return `map $http_sec_fetch_site $foreign_request {
  default 1;
  same-origin 0;
  none 0;
  "" $foreign_referer;
}
map "$http_referer $http_host" $foreign_referer {
  default 1;
  "~^ " 0;
  "~*^https?://([^/ ]+)(/[^ ]*)? \\1$" 0;
}
`;
}

/** Part of every location that passes requests on. */
export const UNCOMPRESSED_FOR_FOREIGNERS = `if ($foreign_request) {
  gzip off;
}
`;

/** Compression of the public listeners. */
export function compression({ gzip }: EdgeSettings): string {
  if (!gzip) return "";
  return `gzip on;
gzip_min_length 1024;
gzip_comp_level 5;
gzip_proxied any;
gzip_vary on;
gzip_types ${TYPES.join(" ")};
`;
}
