/** `later`: the same command may succeed after a while; `after_login`: it may succeed with a new token. */
export type Retry = "never" | "later" | "after_login";

/** Every error code, and whether a retry can help. Clients need no more of `errorTable`, which is larger. */
export const retries = {
  invalid_request: "never",
  unknown_type: "never",
  malformed: "never",
  unauthorized: "after_login",
  invalid_credentials: "never",
  account_disabled: "never",
  approval_pending: "later",
  approval_refused: "never",
  second_factor_required: "never",
  factor_missing: "never",
  confirmation_required: "never",
  forbidden: "never",
  automod_blocked: "never",
  verification_required: "never",
  banned: "never",
  joining_paused: "later",
  registration_closed: "never",
  not_found: "never",
  conflict: "never",
  username_taken: "never",
  nonce_conflict: "never",
  invite_invalid: "never",
  too_large: "never",
  unsupported_media: "never",
  limit_reached: "never",
  voice_channel_full: "later",
  encryption_required: "never",
  rate_limited: "later",
  internal: "later",
  unavailable: "later",
  storage_full: "never",
} as const satisfies Record<string, Retry>;
export type ErrorCode = keyof typeof retries;

/** The HTTP status of an error, and the close code when it ends a socket. */
export const errorTable = {
  invalid_request: { status: 400, close: 4010 },
  unknown_type: { status: 400, close: 4010 },
  malformed: { status: 400, close: 4010 },
  unauthorized: { status: 401, close: 4001 },
  invalid_credentials: { status: 401, close: 4001 },
  account_disabled: { status: 403, close: 4003 },
  approval_pending: { status: 403, close: 4003 },
  approval_refused: { status: 403, close: 4003 },
  second_factor_required: { status: 403, close: 4003 },
  factor_missing: { status: 403, close: 4003 },
  confirmation_required: { status: 403, close: 4003 },
  forbidden: { status: 403, close: 4003 },
  automod_blocked: { status: 403, close: 4003 },
  verification_required: { status: 403, close: 4003 },
  banned: { status: 403, close: 4003 },
  joining_paused: { status: 403, close: 4003 },
  registration_closed: { status: 403, close: 4003 },
  not_found: { status: 404, close: 4004 },
  conflict: { status: 409, close: 4003 },
  username_taken: { status: 409, close: 4003 },
  nonce_conflict: { status: 409, close: 4003 },
  invite_invalid: { status: 410, close: 4004 },
  too_large: { status: 413, close: 4010 },
  unsupported_media: { status: 415, close: 4010 },
  limit_reached: { status: 422, close: 4003 },
  voice_channel_full: { status: 409, close: 4005 },
  encryption_required: { status: 409, close: 4006 },
  rate_limited: { status: 429, close: 4029 },
  internal: { status: 500, close: 1013 },
  unavailable: { status: 503, close: 1013 },
  storage_full: { status: 507, close: 1013 },
} as const satisfies Record<ErrorCode, { status: number; close: number }>;

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
  encryptionRequired: 4006,
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
  [closeCodes.encryptionRequired]: { recovery: "stop" },
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
