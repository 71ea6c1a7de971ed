import type { ChosenStatus } from "@miscord/protocol";
import { changeUser } from "../../store/queries/users.ts";
import type { DomainContext, Authentication } from "../context.ts";
import { publish } from "../publish.ts";

/** Stores the chosen status, which holds for all connections of the user, then publishes it to their servers. */
export async function setStatus(
  context: Pick<DomainContext, "store" | "bus" | "presence" | "rates">,
  { userId, user }: Pick<Authentication, "userId" | "user">,
  { status }: { status: ChosenStatus },
): Promise<void> {
  await context.rates.changes.spend(userId);
  if (!(await changeUser(context.store.db, userId, { status }))) return;
  publish(context, `user:${userId}`, { type: "me_updated", user_id: userId });
  context.presence.statusChosen({ id: userId, username: user.username }, status);
}
