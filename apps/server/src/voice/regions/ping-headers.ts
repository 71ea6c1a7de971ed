/** Of the answer to `GET /region/ping`: pages of any origin may time it. */
export const pingHeaders = {
  "access-control-allow-origin": "*",
  "timing-allow-origin": "*",
  "cache-control": "no-store",
} as const;
