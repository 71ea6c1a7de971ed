import type { Dm } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { recipientIds } from "../../store/queries/private-channels.ts";
import type { Actor } from "../context.ts";
import { replaceOwnPicture, type PictureContext } from "../pictures/replace-own-picture.ts";
import { announceUpdated, requireGroup } from "./dms.ts";

/** Gives the group a picture, or takes it away, for those in it. Throws as `renameGroup` and `replaceOwnPicture`. */
export async function changeGroupIcon(
  context: PictureContext,
  actor: Actor,
  channelId: number,
  bytes: Uint8Array | null,
): Promise<Dm> {
  const { userId } = actor;
  await context.rates.changes.spend(userId);
  await requireGroup(context, actor, channelId);
  await replaceOwnPicture(context, { owner: { table: "channels", id: channelId }, userId, bytes }, async (db) => {
    // Encoding takes long enough for them to leave.
    if (!(await recipientIds(db, channelId)).includes(userId)) throw gone();
  });
  const changed = await announceUpdated(context, channelId);
  if (!changed) throw gone();
  return changed;
}

const gone = () => new AppError("not_found", "There is no such conversation.");
