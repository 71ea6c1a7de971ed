import type { Me, ProfileBody } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { presentUser } from "../../store/present-message.ts";
import { changeUser, presentMe, userById } from "../../store/queries/users.ts";
import { serverIdsOf } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

export async function me({ store }: Pick<DomainContext, "store">, { userId }: Actor): Promise<Me> {
  const user = await userById(store.db, userId);
  if (!user) throw new AppError("unauthorized", "The session has ended.");
  return presentMe(user);
}

/** Tells one's own devices of any change, and those who share a server of what they see. */
export async function changeProfile(
  context: Pick<DomainContext, "store" | "bus" | "rates">,
  actor: Actor,
  change: ProfileBody,
): Promise<Me> {
  const { userId } = actor;
  if (Object.keys(change).length === 0) return me(context, actor);
  context.rates.changes.spend(userId);
  const user = await changeUser(context.store.db, userId, change);
  if (!user) return me(context, actor);
  publish(context, `user:${userId}`, { type: "me_updated", user_id: userId });
  if ("display_name" in change || "avatar_color" in change) {
    for (const serverId of await serverIdsOf(context, userId)) {
      publish(context, `server:${serverId}`, { type: "user_updated", server_id: serverId, user: presentUser(user) });
    }
  }
  return presentMe(user);
}
