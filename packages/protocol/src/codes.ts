/**
 * Every error code, with its HTTP status, the close code when the error ends a socket, and whether a retry can help.
 */
export const errorTable = {
  invalid_request: { status: 400, close: 4010, retry: "never" },
  unknown_type: { status: 400, close: 4010, retry: "never" },
  malformed: { status: 400, close: 4010, retry: "never" },
  unauthorized: { status: 401, close: 4001, retry: "after_login" },
  invalid_credentials: { status: 401, close: 4001, retry: "never" },
  account_disabled: { status: 403, close: 4003, retry: "never" },
  approval_pending: { status: 403, close: 4003, retry: "later" },
  approval_refused: { status: 403, close: 4003, retry: "never" },
  second_factor_required: { status: 403, close: 4003, retry: "never" },
  factor_missing: { status: 403, close: 4003, retry: "never" },
  confirmation_required: { status: 403, close: 4003, retry: "never" },
  forbidden: { status: 403, close: 4003, retry: "never" },
  automod_blocked: { status: 403, close: 4003, retry: "never" },
  verification_required: { status: 403, close: 4003, retry: "never" },
  banned: { status: 403, close: 4003, retry: "never" },
  joining_paused: { status: 403, close: 4003, retry: "later" },
  registration_closed: { status: 403, close: 4003, retry: "never" },
  not_found: { status: 404, close: 4004, retry: "never" },
  conflict: { status: 409, close: 4003, retry: "never" },
  username_taken: { status: 409, close: 4003, retry: "never" },
  nonce_conflict: { status: 409, close: 4003, retry: "never" },
  invite_invalid: { status: 410, close: 4004, retry: "never" },
  too_large: { status: 413, close: 4010, retry: "never" },
  unsupported_media: { status: 415, close: 4010, retry: "never" },
  limit_reached: { status: 422, close: 4003, retry: "never" },
  voice_channel_full: { status: 409, close: 4005, retry: "later" },
  rate_limited: { status: 429, close: 4029, retry: "later" },
  internal: { status: 500, close: 1013, retry: "later" },
  unavailable: { status: 503, close: 1013, retry: "later" },
  storage_full: { status: 507, close: 1013, retry: "never" },
} as const satisfies Record<string, { status: number; close: number; retry: Retry }>;

/** `later`: the same command may succeed after a while; `after_login`: it may succeed with a new token. */
export type Retry = "never" | "later" | "after_login";
export type ErrorCode = keyof typeof errorTable;

export const closeCodes = {
  normal: 1000,
  goingAway: 1001,
  policy: 1008,
  restart: 1012,
  tryAgainLater: 1013,
  tokenInvalid: 4001,
  forbidden: 4003,
  notFound: 4004,
  voiceChannelFull: 4005,
  tooSlow: 4008,
  replaced: 4009,
  malformed: 4010,
  rateLimited: 4029,
} as const;

/**
 * What a client does after a close: `reconnect` with backoff, `authenticate` (renew the token, then reconnect), or
 * `stop`.
 */
export type Recovery = "reconnect" | "authenticate" | "stop";

const recoveries: Readonly<Record<number, { recovery: Recovery; delayMs?: number }>> = {
  [closeCodes.normal]: { recovery: "stop" },
  [closeCodes.policy]: { recovery: "authenticate" },
  [closeCodes.tokenInvalid]: { recovery: "authenticate" },
  [closeCodes.forbidden]: { recovery: "stop" },
  [closeCodes.notFound]: { recovery: "stop" },
  [closeCodes.voiceChannelFull]: { recovery: "stop" },
  [closeCodes.replaced]: { recovery: "stop" },
  [closeCodes.malformed]: { recovery: "reconnect" },
  [closeCodes.rateLimited]: { recovery: "reconnect", delayMs: 30_000 },
};

/**
 * What to do after a close code. Codes without a rule (1001, 1006, 1012, 1013, 4008, …) mean a lost connection:
 * reconnect. `delayMs`: the shortest delay.
 */
export function recoveryOf(closeCode: number): { recovery: Recovery; delayMs?: number } {
  return recoveries[closeCode] ?? { recovery: "reconnect" };
}
