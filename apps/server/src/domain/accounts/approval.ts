import { instanceLimits } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { applicationOf, countWaiting, insertApplication } from "../../store/queries/instance.ts";
import type { Tables } from "../../store/schema.ts";

type Db = Kysely<Tables>;

/** Within the transaction that makes the account. Throws `limit_reached` while too many wait. */
export async function apply(db: Db, userId: number, { reason, at }: { reason: string; at: number }): Promise<void> {
  if ((await countWaiting(db)) >= instanceLimits.waiting) {
    throw new AppError("limit_reached", "Too many people wait for an account. Try again later.");
  }
  await insertApplication(db, { user_id: userId, reason, created_at: at });
}

/** Throws `approval_pending` or `approval_refused` for an account that no administrator has accepted. */
export async function requireAccepted(db: Db, userId: number): Promise<void> {
  const application = await applicationOf(db, userId);
  if (!application) return;
  if (application.state === "waiting") {
    throw new AppError("approval_pending", "An administrator has yet to accept this account.");
  }
  const { note } = application;
  throw new AppError("approval_refused", "An administrator has refused this account.", { details: { note } });
}
