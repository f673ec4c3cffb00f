/** Headers of every answer, whoever makes it, where the settings say nothing of them. */
export const ALWAYS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "strict-origin-when-cross-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "content-security-policy": expect.stringMatching(
    /^default-src 'self'; connect-src 'self' ws:\/\/127\.0\.0\.1:/,
  ) as unknown,
  "x-request-id": expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
};
