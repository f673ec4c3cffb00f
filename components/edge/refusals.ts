import { EdgeSettings } from "./edge-settings";

/**
 * `$unknown_host`: whether users ask for a host that is none of ours; whoever checks nginx' health names any.
 * `$plain_http`, where a proxy in front terminates TLS: 1 for what came past it, 2 for what it says nothing of.
 */
export function refusalVariables(edge: EdgeSettings, healthPath: string): string {
  return `map "$edge_host $request_uri" $unknown_host {
  default 0;
  "~^ (?!${healthPath}(\\?|$))" 1;
}
${
  isTlsInFront(edge)
    ? `map "$trusted_proxy $told_proto $request_uri" $plain_http {
  default 1;
  "~^1 https " 0;
  "~^\\d \\w* ${healthPath}(\\?|$)" 0;
  "~^1  " 2;
}
`
    : ""
}`;
}

/** What the public server says to requests that no route is asked about. */
export function refusals(edge: EdgeSettings): string {
  return `if ($strange_target) {
  return 400;
}
${
  isTlsInFront(edge)
    ? `if ($plain_http = 1) {
  return 308 ${new URL(edge.publicUrl).origin}$request_uri;
}
# A redirect would come back by the same way.
if ($plain_http = 2) {
  return 421;
}
`
    : ""
}if ($unknown_host) {
  return 421;
}
`;
}

function isTlsInFront({ publicUrl, tls }: EdgeSettings): boolean {
  return tls.mode === "external" && publicUrl.startsWith("https:");
}
