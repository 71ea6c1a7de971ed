import { AppError } from "../../errors.ts";
import type { Committed, LogOutcome } from "../../store/contract.ts";

/** The log's refusals, as every command refuses. */
export function requireCommitted(outcome: LogOutcome): Committed {
  if (outcome.ok) return outcome;
  throw new AppError(outcome.code, outcome.message);
}
