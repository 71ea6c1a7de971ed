import type { ErrorCode } from "@miscord/protocol";

/** A refusal by the server, or `unavailable` with status 0 when no answer came. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryAfterMs: number | null;
  readonly details: unknown;

  constructor(
    code: ErrorCode,
    message: string,
    extra: { status?: number; retryAfterMs?: number | null; details?: unknown } = {},
  ) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = extra.status ?? 0;
    this.retryAfterMs = extra.retryAfterMs ?? null;
    this.details = extra.details;
  }
}

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError("unavailable", error instanceof Error ? error.message : "the server did not answer");
}
