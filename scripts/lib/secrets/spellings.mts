// How a secret may be written in a text that should not hold it.

/**
 * What is left of a secret in base64, wherever in the encoded text it begins: characters that depend on its neighbours
 * are cut off.
 */
function base64(secret: Buffer, encoding: "base64" | "base64url"): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), secret])
      .toString(encoding)
      .replace(/=+$/, "");
    const whole = Math.floor(((before + secret.length) * 8) / 6);
    return encoded.slice(Math.ceil((before * 8) / 6), whole);
  });
}

/** Every spelling that is looked for, and what to call it. */
export function spellingsOf(secret: string): Map<string, string> {
  const bytes = Buffer.from(secret, "utf8");
  const hex = bytes.toString("hex");
  const url = encodeURIComponent(secret);
  const all = [
    ...[url, url.replace(/%../g, (code) => code.toLowerCase())].map((text) => [text, "URL-encoded"] as const),
    [JSON.stringify(secret).slice(1, -1), "as JSON"] as const,
    ...[hex, hex.toUpperCase()].map((text) => [text, "in hex"] as const),
    ...[...base64(bytes, "base64url"), ...base64(bytes, "base64")].map((text) => [text, "in base64"] as const),
    [secret, "as it is"] as const,
  ];
  return new Map(all);
}
