import { limits, type Draft } from "@miscord/protocol";
import { draftsOf, keepLatestDrafts, putDraft } from "../../store/queries/drafts.ts";
import { storable } from "../../store/storable.ts";
import { contentAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

type Context = Pick<DomainContext, "store" | "clock" | "bus">;

/** The actor's drafts in channels that they see. */
export function listDrafts({ store }: Context, { userId }: Actor): Promise<Draft[]> {
  return draftsOf(store.db, userId);
}

/**
 * Keeps what the actor has written and not sent, for all of their devices and nobody else; an empty text clears it. Of two
 * devices the later one wins. Throws `not_found`.
 */
export async function saveDraft(
  context: Context,
  actor: Actor,
  { channelId, text }: { channelId: number; text: string },
): Promise<Draft> {
  const { store, clock } = context;
  const { userId } = actor;
  await contentAccess(context, actor, channelId);
  const stored = storable(text);
  const rev = await store.db.transaction().execute(async (db) => {
    const revision = await putDraft(db, { userId, channelId, text: stored }, clock.now());
    await keepLatestDrafts(db, userId, limits.draftsPerUser);
    return revision;
  });
  const draft = { channel_id: channelId, text: stored, rev };
  publish(context, `user:${userId}`, { type: "draft_updated", ...draft });
  return draft;
}
