import { DatabaseError as ServerError } from "pg";
import { AppError } from "../../errors.ts";
import { DatabaseError, type DatabaseFault } from "../sql-dialect.ts";

const faults: Readonly<Record<string, DatabaseFault>> = { "23505": "unique", "23503": "foreign_key" };

/**
 * The server ended the connection (57P01 to 57P03, 25P03), or it is of no use: a read-only transaction (25006) or
 * recovery (55000) means that the server is no primary any more, and a pool would keep such a connection for ever.
 */
const lostCodes: ReadonlySet<string> = new Set(["57P01", "57P02", "57P03", "25P03", "25006", "55000"]);

/** Deadlock, serialization failure: the same statements succeed when they run again. */
const conflictCodes: ReadonlySet<string> = new Set(["40P01", "40001"]);

/** The prepared statement returns other columns than before: a migration has changed its table. */
export const outdatedPlan = "0A000";

/** NUL in a text, which SQLite can look for and PostgreSQL cannot hold: the mistake of whoever sent it, and no failure. */
const impossibleTexts: ReadonlySet<string> = new Set(["22021", "22P05"]);

/** SQLSTATE of the server, or the code of a failed system call; "" when there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** How the client library and this folder describe a connection that ended or got no answer. */
const lostMessage = /terminated|timeout|not queryable|was closed|no answer/i;

/** Whether the connection failed, timed out or is of no use any more. */
export function isLostConnection(error: unknown): boolean {
  if (!(error instanceof ServerError)) {
    return error instanceof Error && (/^E[A-Z]+$/.test(codeOf(error)) || lostMessage.test(error.message));
  }
  const code = codeOf(error);
  return lostCodes.has(code) || code.startsWith("08");
}

/** Nothing of the statement or transaction was stored, and it may be run again. */
export function isConflict(error: unknown): boolean {
  return error instanceof ServerError && conflictCodes.has(codeOf(error));
}

export function unavailable(cause: unknown): AppError {
  return new AppError("unavailable", "The database is not available.", { cause });
}

/**
 * The error as the store's users know it: a DatabaseError, or an AppError: `unavailable` for a lost connection,
 * `invalid_request` for a text that no text can be.
 */
export function explain(error: unknown): unknown {
  if (error instanceof AppError || error instanceof DatabaseError) return error;
  if (isLostConnection(error)) return unavailable(error);
  if (!(error instanceof ServerError)) return error;
  if (impossibleTexts.has(codeOf(error))) {
    return new AppError("invalid_request", "The text holds impossible characters.", { cause: error });
  }
  return new DatabaseError(faults[codeOf(error)] ?? "other", error.message);
}
