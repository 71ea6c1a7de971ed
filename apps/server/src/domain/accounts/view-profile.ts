import type { Profile } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { presentUser } from "../../store/present-message.ts";
import { customStatusOf, presentOwnProfile } from "../../store/queries/own-profile.ts";
import { mutualFriends, mutualServerIds, seesProfile } from "../../store/queries/profiles.ts";
import { adminState, userById } from "../../store/queries/users.ts";
import type { Actor, DomainContext } from "../context.ts";

/**
 * Somebody's profile, with what the actor may know of whom and where both know. For those who see the person, and for
 * administrators of the instance; throws `not_found` for others, as if there was no such person.
 */
export async function viewProfile(
  { store: { db }, clock }: Pick<DomainContext, "store" | "clock">,
  { userId: viewerId }: Actor,
  userId: number,
): Promise<Profile> {
  const row = await userById(db, userId);
  const isAdmin = (await adminState(db, viewerId))?.is_active === 1;
  if (!row || !(isAdmin || (await seesProfile(db, viewerId, userId))))
    throw new AppError("not_found", "There is no such person.");
  const isSelf = viewerId === userId;
  const friends = isSelf ? { users: [], count: 0 } : await mutualFriends(db, viewerId, userId);
  const customStatus = isAdmin ? customStatusOf(row, clock.now()) : null;
  return {
    ...presentOwnProfile(row),
    ...(customStatus && { custom_status: customStatus }),
    user: presentUser(row),
    created_at: new Date(row.created_at).toISOString(),
    mutual_servers: isSelf ? [] : await mutualServerIds(db, viewerId, userId),
    mutual_friends: friends.users,
    mutual_friend_count: friends.count,
  };
}
