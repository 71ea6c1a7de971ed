import { randomUUID } from "node:crypto";
import { limits, type MainEvent } from "@miscord/protocol";
import { checkInChannel } from "@miscord/rights";
import { AppError } from "../../errors.ts";
import type { ChannelAccess } from "../../store/queries/access.ts";
import * as calls from "../../store/queries/calls.ts";
import { hides, type RecipientFacts } from "../../store/private-sql.ts";
import { missedCall } from "../../store/present-message.ts";
import { closePushes, insertRingPushes } from "../../store/queries/push.ts";
import type { RingsTable } from "../../store/schema.ts";
import { channelAccess, requireAllowed } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import type { PrivateCalls } from "../ports.ts";
import { publish } from "../publish.ts";
import { announcePeers } from "./announce-peers.ts";
import { accept, announceCreated } from "./dms.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "unread"> & PrivateCalls;
type Publishing = Pick<DomainContext, "store" | "bus" | "clock">;

const ringMs = limits.ringSeconds * 1_000;

/** Throws `forbidden` when the others do not accept what the user sends, in the words in which a message is refused. */
export function requireAccepted(access: ChannelAccess): void {
  const verdict = checkInChannel(access, "connect");
  if (verdict === "forbidden") throw new AppError("forbidden", "This person does not accept messages from you.");
  requireAllowed(verdict, "channel");
}

/**
 * Rings people of a private channel for a participant of its call: those of `userIds`, or all who are not in it. Whoever
 * one of the two hides, and whoever has not accepted the caller's conversation, does not hear it; to the others it rings.
 * Throws `not_found`, `forbidden` or `rate_limited`.
 */
export async function ring(
  context: Context,
  actor: Actor,
  { channelId, userIds }: { channelId: number; userIds: readonly number[] | null },
): Promise<void> {
  const { store, clock, rates, voice } = context;
  const access = await channelAccess(context, actor, channelId);
  if (access.serverId !== null) throw new AppError("not_found", "Only calls of private channels ring.");
  requireAccepted(access);
  await rates.rings.spend(actor.userId);
  const people = await calls.peopleOfCall(store.db, channelId);
  const inCall = new Set(voice.statesIn(channelId).map(({ user }) => user.id));
  if (!inCall.has(actor.userId)) throw new AppError("unavailable", "The call is being moved.");
  const wanted = people.filter(({ user_id: id }) => !inCall.has(id) && (userIds?.includes(id) ?? true));
  const others = wanted.filter(({ user_id }) => user_id !== actor.userId);
  const rings = await ringsOf(context, {
    channelId,
    caller: people.find((one) => one.user_id === actor.userId)!,
    others,
  });
  // After the limits: who may not ring so soon again would notify by missed calls instead.
  await noteCall(context, actor, { channelId, isAlone: inCall.size <= 1 });
  const added = await calls.insertRings(store.db, rings);
  const begun = rings.filter(({ token }) => added.has(token));
  const audience = people.filter(({ request }) => request === 0).map(({ user_id }) => user_id);
  // A conversation without a message is shown to the other one with its first call.
  if (access.type === "dm" && access.seq === 0) await showCallee(context, actor, begun);
  for (const one of begun) announceRing(context, audience, one);
  const heard = begun.filter(({ is_silent }) => is_silent === 0).map(({ user_id }) => user_id);
  await insertRingPushes(store.db, channelId, heard, clock.now());
  // The call may have ended meanwhile, and those who are called have entered it.
  const present = voice.statesIn(channelId).map(({ user }) => user.id);
  if (present.length === 0) await endRings(context, { channelId });
  for (const one of begun)
    if (present.includes(one.user_id)) await endRings(context, { channelId, userId: one.user_id });
  // A ring that ended before the others were told that it began.
  const left = await calls.ringsLeft(store.db, [...added]);
  for (const one of begun) if (!left.has(one.token)) announceEnd(context, audience, one);
}

/** Stops ringing the actor, on all of their devices. Throws `not_found` for those who are not in the channel. */
export async function declineCall(context: Context, actor: Actor, channelId: number): Promise<void> {
  await context.rates.changes.spend(actor.userId);
  const { serverId } = await channelAccess(context, actor, channelId);
  if (serverId !== null) throw new AppError("not_found", "There is no such conversation.");
  await endRings(context, { channelId, userId: actor.userId });
}

/** What follows for a private channel when somebody has entered its call: they are not rung any more, and have accepted. */
export async function callEntered(context: Context, { userId }: Actor, channelId: number): Promise<void> {
  const { store, clock } = context;
  await calls.noteAnswer(store.db, channelId, userId, clock.now());
  await endRings(context, { channelId, userId });
  const people = await calls.peopleOfCall(store.db, channelId);
  if (people.some((one) => one.user_id === userId && one.request !== 0)) await accept(context, channelId, userId);
}

/**
 * What follows when the last one has left the call of a private channel: nobody is rung any more, and the history gets a line
 * by the caller with how long it lasted, or that it was missed. To be called on the node that was the home of its room.
 */
export async function callEnded(
  context: Pick<Context, "store" | "bus" | "clock" | "voice">,
  channelId: number,
): Promise<void> {
  const { store, voice } = context;
  const call = await calls.callOf(store.db, channelId);
  // Somebody is back, perhaps on another node.
  if (!call || voice.statesIn(channelId).length > 0) return;
  await endRings(context, { channelId });
  await leaveLine(context, call);
}

/** Deletes the rings that the filter selects and tells those who know of them. */
export async function endRings(context: Publishing, filter: calls.RingFilter): Promise<void> {
  const ended = await calls.deleteRings(context.store.db, filter);
  for (const { channel_id: channelId, user_id: userId } of ended) {
    await closePushes(context.store.db, { userId, channelId, isRing: true }, context.clock.now());
  }
  for (const [channelId, rings] of Map.groupBy(ended, (one) => one.channel_id)) {
    const audience = await calls.audienceOf(context.store.db, channelId);
    for (const one of rings) announceEnd(context, audience, one);
  }
}

/**
 * The call that is to leave a line in the history. Whoever is alone in one that was answered, or that somebody else has begun,
 * begins another one.
 */
async function noteCall(
  context: Pick<Context, "store" | "clock">,
  { userId }: Actor,
  { channelId, isAlone }: { channelId: number; isAlone: boolean },
): Promise<void> {
  const { db } = context.store;
  const known = await calls.callOf(db, channelId);
  const isOver = known && isAlone && (known.caller_id !== userId || known.answered_at !== null);
  if (isOver) await leaveLine(context, known);
  const times = { started_at: context.clock.now(), answered_at: null };
  await calls.insertCall(db, { channel_id: channelId, token: randomUUID(), caller_id: userId, ...times });
}

/** A nonce lets the line be written once, whoever else writes it at this moment. */
async function leaveLine(
  { store, clock }: Pick<Context, "store" | "clock">,
  call: NonNullable<Awaited<ReturnType<typeof calls.callOf>>>,
): Promise<void> {
  if (!(await calls.deleteCall(store.db, call))) return;
  const { caller_id: authorId, channel_id: channelId, token, answered_at } = call;
  const now = clock.now();
  // Refused when the others do not accept the caller's messages any more.
  await store.log.commit({
    kind: "send",
    authorId,
    channelId,
    content: "",
    nonce: `call-${token}`,
    replyToId: null,
    attachmentIds: [],
    mentionNames: [],
    mentionsEveryone: false,
    callMs: answered_at === null ? missedCall : Math.max(0, now - answered_at),
    at: now,
  });
}

/** A ring for each of the others whom the caller may ring so soon again. Throws `rate_limited` when that is nobody. */
async function ringsOf(
  { rates, clock }: Pick<Context, "rates" | "clock">,
  { channelId, caller, others }: { channelId: number; caller: RecipientFacts; others: readonly RecipientFacts[] },
): Promise<RingsTable[]> {
  const rings: RingsTable[] = [];
  let refusal: unknown;
  for (const other of others) {
    const isSilent = other.request !== 0 || hides(other, caller.user_id) || hides(caller, other.user_id);
    try {
      await rates.ringsToOne.spend(`${caller.user_id} ${other.user_id}`);
      // What nobody hears uses up nothing of theirs.
      if (!isSilent) await rates.ringsReceived.spend(other.user_id);
    } catch (error) {
      refusal = error;
      continue;
    }
    rings.push({
      channel_id: channelId,
      user_id: other.user_id,
      caller_id: caller.user_id,
      token: randomUUID(),
      ends_at: clock.now() + ringMs,
      is_silent: isSilent ? 1 : 0,
    });
  }
  if (rings.length === 0 && refusal) throw refusal;
  return rings;
}

async function showCallee(context: Context, { userId }: Actor, [ring]: readonly RingsTable[]): Promise<void> {
  if (!ring || ring.is_silent === 1) return;
  await announceCreated(context, ring.channel_id, [ring.user_id]);
  announcePeers(context, [userId, ring.user_id]);
}

function announceRing(context: Publishing, audience: readonly number[], ring: RingsTable): void {
  const event = { type: "call_ringing", channel_id: ring.channel_id, ring: calls.presentRing(ring) } as const;
  tell(context, audience, ring, event);
}

function announceEnd(context: Publishing, audience: readonly number[], ring: RingsTable): void {
  const { channel_id, user_id, token } = ring;
  tell(context, audience, ring, { type: "call_ring_ended", channel_id, user_id, token });
}

function tell(
  context: Pick<DomainContext, "bus">,
  audience: readonly number[],
  { user_id, is_silent }: RingsTable,
  event: MainEvent,
): void {
  for (const userId of audience) {
    if (is_silent === 0 || userId !== user_id) publish(context, `user:${userId}`, event);
  }
}
