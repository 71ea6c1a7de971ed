import { errorTable, type ErrorCode } from "@miscord/protocol";

/** An error that is reported to the client that sent the command or request. Any other error is an internal error. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly details: unknown;

  constructor(
    code: ErrorCode,
    message: string,
    extra: { retryAfterMs?: number; details?: unknown; cause?: unknown } = {},
  ) {
    const traced = Error.stackTraceLimit;
    // A refusal is an ordinary answer, and its stack would cost more than all else that it takes.
    if (errorTable[code].status < 500) Error.stackTraceLimit = 0;
    super(message, { cause: extra.cause });
    Error.stackTraceLimit = traced;
    this.name = "AppError";
    this.code = code;
    this.retryAfterMs = extra.retryAfterMs;
    this.details = extra.details;
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  get closeCode(): number {
    return errorTable[this.code].close;
  }
}

/** Too much waits already, although everything works. The circuit breaker does not count it as a failure. */
export class OverloadError extends AppError {
  constructor() {
    super("unavailable", "The server has too much to do at the moment.", { retryAfterMs: 2_000 });
  }
}

/**
 * A mistake of the operator (a wrong path, a database in use) that a command of the command line reports as one
 * sentence, without a stack trace. Never sent to a client.
 */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
}
