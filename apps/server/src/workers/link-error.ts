import type { ErrorCode } from "@miscord/protocol";
import { AppError, OverloadError } from "../errors.ts";
import { StartupError } from "../startup-error.ts";
import { DatabaseError, type DatabaseFault } from "../store/sql-dialect.ts";

/** An error in a message between processes, which keeps what structured cloning would lose. */
export type LinkError =
  | { kind: "overload" }
  | { kind: "app"; message: string; code: ErrorCode; retryAfterMs: number | undefined; details: unknown }
  | { kind: "startup"; message: string }
  | { kind: "database"; message: string; fault: DatabaseFault }
  | { kind: "other"; message: string; stack: string | undefined };

export function toLinkError(error: unknown): LinkError {
  if (error instanceof OverloadError) return { kind: "overload" };
  if (error instanceof AppError) {
    const { message, code, retryAfterMs, details } = error;
    return { kind: "app", message, code, retryAfterMs, details };
  }
  if (error instanceof StartupError) return { kind: "startup", message: error.message };
  if (error instanceof DatabaseError) return { kind: "database", message: error.message, fault: error.fault };
  if (error instanceof Error) return { kind: "other", message: error.message, stack: error.stack };
  return { kind: "other", message: String(error), stack: undefined };
}

export function fromLinkError(error: LinkError): Error {
  switch (error.kind) {
    case "overload":
      return new OverloadError();
    case "app": {
      const { retryAfterMs, details } = error;
      return new AppError(error.code, error.message, { ...(retryAfterMs !== undefined && { retryAfterMs }), details });
    }
    case "startup":
      return new StartupError(error.message);
    case "database":
      return new DatabaseError(error.fault, error.message);
    case "other":
      return Object.assign(new Error(error.message), { stack: error.stack });
  }
}
