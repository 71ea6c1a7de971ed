import type { AuditChange, ProfilePart } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { recordInInstance } from "../../store/queries/instance.ts";
import { replacePicture } from "../../store/queries/own-pictures.ts";
import { customStatusOf } from "../../store/queries/own-profile.ts";
import { changeUser, userById } from "../../store/queries/users.ts";
import type { UserRow } from "../../store/schema.ts";
import { requireAdmin } from "../access.ts";
import { announceLook } from "../accounts/profile.ts";
import { removeFiles } from "../attachments/remove-files.ts";
import type { Actor, DomainContext } from "../context.ts";
import { announceStatus } from "../presence/set-status.ts";
import { publish } from "../publish.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "storage" | "presence">;

/**
 * Takes a part of somebody's profile away, which the log of the instance keeps. For administrators of the instance; throws
 * `forbidden` for others and for administrators' profiles, `not_found`.
 */
export async function clearProfile(
  context: Context,
  actor: Actor,
  { userId, part }: { userId: number; part: ProfilePart },
): Promise<void> {
  await requireAdmin(context, actor);
  const user = await userById(context.store.db, userId);
  if (!user) throw new AppError("not_found", "There is no such account.");
  if (user.is_admin === 1) throw new AppError("forbidden", "Administrators change their profiles themselves.");
  const cleared = await clear(context, actor, user, part);
  if (!cleared) return;
  if (part === "status") return announceStatus(context, user, cleared);
  publish(context, `user:${userId}`, { type: "me_updated", user_id: userId });
  await announceLook(context, cleared);
}

/** The account as it is then; undefined when it had nothing of the kind. */
async function clear(
  { store, clock, storage }: Context,
  actor: Actor,
  { id: userId }: UserRow,
  part: ProfilePart,
): Promise<UserRow | undefined> {
  const files: string[] = [];
  const cleared = await store.db.transaction().execute(async (db) => {
    await requireAdmin({ store: { db } }, actor);
    const before = await userById(db, userId);
    const change = before && valueOf(before, part, clock.now());
    if (!change) return undefined;
    await recordInInstance(db, {
      actorId: actor.userId,
      action: "profile_clear",
      userId,
      changes: [change],
      at: clock.now(),
    });
    if (part === "picture" || part === "banner") {
      const replaced = await replacePicture(db, { table: "users", id: userId, column: part }, null);
      if (replaced?.former) files.push(replaced.former);
      return userById(db, userId);
    }
    return changeUser(db, userId, part === "status" ? { custom_status: null } : { [part]: "" });
  });
  await removeFiles({ store, clock, storage }, files);
  return cleared;
}

/** What the log says of it: texts as they were, pictures only that there was one. Null: there is nothing to take away. */
function valueOf(row: UserRow, part: ProfilePart, now: number): AuditChange | null {
  const change = (before: string | boolean) => (before ? { field: part, before, after: null } : null);
  if (part === "picture" || part === "banner") return change(row[part] !== null);
  if (part !== "status") return change(row[part]);
  const status = customStatusOf(row, now);
  return change([status?.emoji, status?.text].filter(Boolean).join(" "));
}
