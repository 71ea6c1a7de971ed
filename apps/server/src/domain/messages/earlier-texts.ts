import type { EarlierTexts } from "@miscord/protocol";
import { checkDeleteMessage } from "@miscord/rights";
import { earlierTextsOf } from "../../store/queries/earlier-texts.ts";
import { contentAccess, requireAllowed } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { visibleMessage } from "./visible-message.ts";

/**
 * What an edited message said before, the first text first, for its author and those who manage messages. Throws `not_found`
 * or `forbidden`.
 */
export async function earlierTexts(
  context: Pick<DomainContext, "store" | "clock">,
  actor: Actor,
  messageId: number,
): Promise<EarlierTexts> {
  const message = await visibleMessage(context, actor, messageId);
  const access = await contentAccess(context, actor, message.channel_id);
  requireAllowed(checkDeleteMessage(access, message.author.id), "channel");
  const rows = await earlierTextsOf(context.store.db, messageId);
  return {
    texts: rows.map(({ content, written_at }) => ({ content, written_at: new Date(written_at).toISOString() })),
  };
}
