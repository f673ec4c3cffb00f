/**
 * A shell command that succeeds when a URL inside the container answers 2xx within 4 seconds, with whichever client
 * the image has: images differ, and a missing client must not pass for a broken service.
 */
export function httpCheck(port: number, path: string): string {
  const url = `http://127.0.0.1:${port}${path}`;
  return [
    `if command -v curl >/dev/null; then curl -fsS -m 4 -o /dev/null "${url}"`,
    `; elif command -v wget >/dev/null; then wget -q -T 4 -O /dev/null "${url}"`,
    `; elif command -v node >/dev/null; then node -e 'fetch("${url}").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))'`,
    `; elif command -v python3 >/dev/null; then python3 -c 'import urllib.request as u; u.urlopen("${url}", timeout=4)'`,
    `; else echo "no curl, wget, node or python3 in the image"; exit 1; fi`,
  ].join("");
}

/** A shell command that succeeds while a file was touched within the last `maxAgeSeconds`. */
export function heartbeatCheck(file: string, maxAgeSeconds: number): string {
  return `test $(( $(date +%s) - $(stat -c %Y ${file}) )) -le ${maxAgeSeconds}`;
}
