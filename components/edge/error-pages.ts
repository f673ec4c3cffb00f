/** What nginx itself may have to say; an error of a service keeps the service's own words. */
const TITLES: Readonly<Record<string, string>> = {
  404: "There is nothing here",
  413: "This is more than we can take",
  421: "This address is not served here",
  429: "Too many requests",
  "~^50[234]": "The service does not answer at the moment",
};

/** Without 400: a request whose path nginx could not read has no location to be answered from. */
const CODES = "403 404 405 413 416 421 429 500 501 502 503 504";

/** Variables of {@link errorPages}. */
export function errorVariables(): string {
  const titles = Object.entries(TITLES).map(([code, title]) => `  ${code} "${title}";\n`);
  return `map $status $error_title {
  default "Something went wrong";
${titles.join("")}}
map $http_accept $error_page {
  default @error-page;
  "~application/json" @error-json;
}
`;
}

/**
 * A path that lacks its last slash, and that no route has: nginx itself would answer 301, on which a POST becomes a GET.
 * Browsers keep nothing of it, since another route may have the path tomorrow. Services' own 301 stay theirs.
 */
export function missingSlash(): string {
  return `error_page 301 @missing-slash;
location @missing-slash {
  set $answer error;
  return 308 $sent_http_location;
}
`;
}

/** Pages of nginx's own errors, with the id under which the logs have the request. Nothing in them needs the network. */
export function errorPages(): string {
  return `error_page ${CODES} $error_page;
location @error-page {
  set $answer error;
  default_type text/html;
  charset utf-8;
  return 200 '${PAGE}';
}
location @error-json {
  set $answer error;
  default_type application/json;
  return 200 '{"status":$status,"error":"$error_title","requestId":"$edge_request_id"}\\n';
}
`;
}

/** No style: a strict Content-Security-Policy holds for this page, too. */
const PAGE = [
  '<!doctype html><html lang="en"><head><meta charset="utf-8">',
  '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">',
  "<title>$error_title</title></head><body><h1>$error_title</h1>",
  "<p>Status $status, request <code>$edge_request_id</code></p></body></html>\\n",
].join("");
