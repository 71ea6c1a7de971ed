import {
  instanceLimits,
  type ApplicationDecision,
  type ApplicationPage,
  type ApplicationQuery,
} from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { forgetDeletion, noteDeletion } from "../../store/queries/deletions.ts";
import {
  deleteApplication,
  listApplications as list,
  recordInInstance,
  refuseApplication,
} from "../../store/queries/instance.ts";
import { requireAdmin } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { requireAdminCommand } from "./settings.ts";

type Context = Pick<DomainContext, "store" | "clock" | "rates">;

/** The queue, or those who were refused. Throws `forbidden`. */
export async function listApplications(
  context: Context,
  actor: Actor,
  query: ApplicationQuery,
): Promise<ApplicationPage> {
  await requireAdmin(context, actor);
  return list(context.store.db, query);
}

/**
 * Lets the applicant in, or refuses and deletes the account after a month; until then a refusal can be taken back. Throws
 * `not_found`, when somebody else has decided the same too, `forbidden` or `rate_limited`.
 */
export async function decideApplication(
  context: Context,
  actor: Actor,
  userId: number,
  { decision, note }: ApplicationDecision,
): Promise<void> {
  const { store, clock } = context;
  await requireAdminCommand(context, actor);
  const at = clock.now();
  await store.db.transaction().execute(async (db) => {
    await requireAdmin({ store: { db } }, actor);
    // First, since these statements alone tell two administrators apart who decide at the same time.
    const isDecided =
      decision === "accept" ? await deleteApplication(db, userId) : await refuseApplication(db, userId, note || null);
    if (!isDecided) throw noApplication();
    if (decision === "accept") {
      // Undefined once the account is gone.
      if (!(await forgetDeletion(db, userId))) throw noApplication();
    } else {
      await noteDeletion(db, userId, { at: at + instanceLimits.refusedDays * 86_400_000, messages: "keep" });
    }
    const action = decision === "accept" ? "application_accept" : "application_refuse";
    const changes = note ? [{ field: "note", before: null, after: note }] : [];
    await recordInInstance(db, { actorId: actor.userId, action, userId, changes, at });
  });
}

function noApplication(): AppError {
  return new AppError("not_found", "There is no such application.");
}
