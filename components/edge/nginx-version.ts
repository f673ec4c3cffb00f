/** First nginx in which a reload loses no request: `keepalive_min_timeout` exists, upstream names re-resolve. */
export const MINIMUM_NGINX_VERSION = "1.27.4";

/** Does a version such as `1.30.6` reach a minimum? */
export function atLeast(version: string, minimum: string): boolean {
  const [got, want] = [version, minimum].map((text) => text.split(".").map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (got?.[part] ?? 0) - (want?.[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
