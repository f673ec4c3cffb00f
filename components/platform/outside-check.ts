/**
 * Checks of a container from a container beside it: shell commands in which `$1` is its host name. They make do with
 * busybox, or with bash and coreutils.
 */

/** Succeeds when a path answers 2xx within 4 seconds. The host it asks for is the one that a check inside asks for. */
export function outsideHttpCheck(port: number, path: string): string {
  const host = `127.0.0.1:${port}`;
  const url = `"http://$1:${port}${path}"`;
  return [
    `if command -v curl >/dev/null; then curl -fsS -m 4 -o /dev/null -H "Host: ${host}" ${url}`,
    `; elif command -v wget >/dev/null; then timeout 4 wget -q -O /dev/null --header "Host: ${host}" ${url}`,
    `; else timeout 4 bash --norc -c '${HTTP_BY_BASH}' "$1" ${port} "GET ${path} HTTP/1.1" "Host: ${host}"; fi`,
  ].join("");
}

/** Succeeds when a port accepts connections within 4 seconds. */
export function outsideTcpCheck(port: number): string {
  return [
    `if command -v bash >/dev/null; then timeout 4 bash --norc -c ': 3<>"/dev/tcp/$0/$1"' "$1" ${port}`,
    `; else nc -w 4 "$1" ${port} -e true; fi`,
  ].join("");
}

const HTTP_BY_BASH = [
  'exec 3<>"/dev/tcp/$0/$1" || exit',
  'printf "%s\\r\\n" "$2" "$3" "Connection: close" "" >&3',
  "read -r _ code rest <&3",
  'case $code in 2??) ;; *) echo "it answered $code $rest" >&2; exit 1 ;; esac',
].join("; ");
