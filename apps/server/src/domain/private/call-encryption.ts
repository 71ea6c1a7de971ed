import { randomUUID } from "node:crypto";
import type { Dm } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { encryptedAgain, unencrypted } from "../../store/present-message.ts";
import { pendingIds } from "../../store/queries/calls.ts";
import { channelAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { requireAccepted } from "./calls.ts";
import { announceUpdated } from "./dms.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "settings">;

/**
 * Sets whether calls in the conversation are encrypted from end to end, for those who may write in it. A call that goes on keeps
 * what it began with. The history says who has changed it. Throws `not_found`, `forbidden`, `invalid_request` or `rate_limited`.
 */
export async function setCallEncryption(
  context: Context,
  actor: Actor,
  channelId: number,
  isEncrypted: boolean,
): Promise<Dm> {
  const { store, rates, settings } = context;
  await rates.changes.spend(actor.userId);
  const access = await channelAccess(context, actor, channelId);
  if (access.serverId !== null) throw gone();
  requireAccepted(access);
  if (!settings.encryptsPrivateCalls) {
    throw new AppError("invalid_request", "This instance encrypts no private calls (VOICE_ENCRYPTION).");
  }
  const pending = await pendingIds(store.db, channelId);
  // What a stranger asks for is not to be what somebody accepts with the conversation.
  if (pending.includes(actor.userId) || (access.type === "dm" && pending.length > 0)) {
    throw new AppError("forbidden", "Not before the conversation is accepted.");
  }
  if (access.isEncrypted !== isEncrypted) await change(context, actor, channelId, isEncrypted);
  const changed = await announceUpdated(context, channelId);
  if (!changed) throw gone();
  return changed;
}

/** The line makes the change. Refused at the moment when the others do not accept the actor's messages any more. */
async function change(context: Context, { userId }: Actor, channelId: number, isEncrypted: boolean): Promise<void> {
  const { clock, rates, store } = context;
  // Others see it as they see a message.
  await rates.messages.spend(userId);
  const outcome = await store.log.commit({
    kind: "send",
    authorId: userId,
    channelId,
    content: "",
    nonce: `encryption-${randomUUID()}`,
    replyToId: null,
    attachmentIds: [],
    mentionNames: [],
    mentionsEveryone: false,
    callMs: isEncrypted ? encryptedAgain : unencrypted,
    at: clock.now(),
  });
  if (!outcome.ok) throw new AppError(outcome.code, outcome.message);
}

const gone = () => new AppError("not_found", "There is no such conversation.");
