import { AppError } from "../../errors.ts";
import type { Committed, LogOutcome } from "../../store/contract.ts";

/** The committed outcome; throws the log's refusal as an `AppError`. */
export function requireCommitted(outcome: LogOutcome): Committed {
  if (outcome.ok) return outcome;
  throw new AppError(
    outcome.code,
    outcome.message,
    outcome.retryAfterMs === undefined ? {} : { retryAfterMs: outcome.retryAfterMs },
  );
}
