import type { ChosenStatus } from "@miscord/protocol";
import { updateUser } from "../store/queries/users.ts";
import type { Actor, DomainContext } from "./context.ts";
import { publish } from "./publish.ts";

/** Keeps the choice for all of the person's devices and from now on, then tells the others. */
export async function setStatus(
  context: Pick<DomainContext, "store" | "bus" | "presence">,
  { userId }: Actor,
  { status }: { status: ChosenStatus },
): Promise<void> {
  const user = await updateUser(context.store.db, userId, { status });
  publish(context, `user:${userId}`, { type: "me_updated", user_id: userId });
  context.presence.statusChosen({ id: userId, username: user.username }, status);
}
