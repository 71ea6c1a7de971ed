import { checkInChannel, type Permission } from "@miscord/rights";
import { AppError } from "../../errors.ts";
import { serverChannelAccess, type ServerChannelAccess } from "../../store/queries/access.ts";
import type { AuditRecord } from "../../store/audit-row.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import { setVoiceRestraint, voiceRestraintOf } from "../../store/queries/voice-restraints.ts";
import { channelAccess, requireAllowed, requireStillIn } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { announceRights } from "./rights-changes.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "voice">;

/** A participant of a channel's call. */
export interface InCall {
  channelId: number;
  userId: number;
}

/** What is absent stays as it is. */
export interface VoiceModeration {
  muted?: boolean | undefined;
  deafened?: boolean | undefined;
  /** The channel to move the participant to. */
  toChannelId?: number | undefined;
  reason?: string | undefined;
}

/**
 * Mutes or deafens a participant of a call in all voice channels of the server until a moderator ends it, or moves them to
 * another one. As with Discord it takes the permission in the channel, and no higher role. Moving takes the permission to
 * connect to the other channel as well, of both. Throws `not_found` (also when they are not in this call), `forbidden`,
 * `invalid_request` or `rate_limited`.
 */
export async function moderateVoice(
  context: Context,
  actor: Actor,
  { channelId, userId }: InCall,
  { muted, deafened, toChannelId, reason }: VoiceModeration,
): Promise<void> {
  const wanted = [
    ...(muted === undefined ? [] : ["muteMembers" as const]),
    ...(deafened === undefined ? [] : ["deafenMembers" as const]),
    ...(toChannelId === undefined ? [] : ["moveMembers" as const]),
  ];
  const channel = await callCommand(context, actor, { channelId, userId }, wanted);
  const target = toChannelId === undefined ? null : await placeFor(context, actor, { channel, userId, toChannelId });
  const record = recordOf(context, actor, { channel, userId, reason });
  if (muted !== undefined || deafened !== undefined)
    await restrain(context, actor, record, { channelId, muted, deafened });
  if (!target || target.channelId === channelId) return;
  // The entry is about the channel that they were in: not every reader of the log sees the other one.
  const subject = target.isRestricted ? undefined : target.channelName;
  await recordAction(context.store.db, { ...record, action: "member_move", subject });
  context.voice.move(userId, channelId, target.channelId);
}

/** Ends a participant's call; they may join again. Throws as `moderateVoice` does. */
export async function disconnectFromVoice(
  context: Context,
  actor: Actor,
  { channelId, userId }: InCall,
  { reason }: Pick<VoiceModeration, "reason">,
): Promise<void> {
  const channel = await callCommand(context, actor, { channelId, userId }, ["moveMembers"]);
  const record = recordOf(context, actor, { channel, userId, reason });
  await recordAction(context.store.db, { ...record, action: "member_disconnect" });
  context.voice.move(userId, channelId, null);
}

/**
 * Invites a participant of a stage to speak, or makes a speaker a listener again: for those who may mute members there, and for
 * speakers who step down themselves. Throws as `moderateVoice` does; `invalid_request` for a channel that is no stage.
 */
export async function setSpeaker(
  context: Context,
  actor: Actor,
  { channelId, userId }: InCall,
  isSpeaker: boolean,
): Promise<void> {
  const stepsDown = !isSpeaker && userId === actor.userId;
  const channel = await callCommand(context, actor, { channelId, userId }, stepsDown ? [] : ["muteMembers"]);
  if (channel.type !== "stage") throw new AppError("invalid_request", "This is no stage.");
  context.voice.setSpeaker(userId, channelId, isSpeaker);
}

/** The channel, for actors with all of these permissions in it, when the user takes part in its call. */
async function callCommand(
  context: Context,
  actor: Actor,
  { channelId, userId }: InCall,
  permissions: readonly Permission[],
): Promise<ServerChannelAccess> {
  await context.rates.changes.spend(actor.userId);
  const channel = await serverChannel(context, actor, channelId);
  for (const permission of permissions) requireAllowed(checkInChannel(channel, permission), "channel");
  const states = context.voice.statesOf(channel.serverId);
  if (!states.some((one) => one.channel_id === channelId && one.user.id === userId)) {
    throw new AppError("not_found", "They are not in this voice channel.");
  }
  return channel;
}

/** Throws `not_found` for actors who do not see it, and for private channels. */
async function serverChannel(context: Context, actor: Actor, channelId: number): Promise<ServerChannelAccess> {
  const channel = await channelAccess(context, actor, channelId);
  const { serverId } = channel;
  if (serverId === null) throw new AppError("not_found", "There is no such channel.");
  return { ...channel, serverId };
}

async function placeFor(
  context: Context,
  actor: Actor,
  { channel, userId, toChannelId }: { channel: ServerChannelAccess; userId: number; toChannelId: number },
): Promise<ServerChannelAccess> {
  const target = await serverChannel(context, actor, toChannelId);
  if (target.serverId !== channel.serverId || !["voice", "stage"].includes(target.type)) {
    throw new AppError("invalid_request", "This is no voice channel of the server.");
  }
  requireAllowed(checkInChannel(target, "connect"), "channel");
  const theirs = await serverChannelAccess(context.store.db, userId, toChannelId, context.clock.now());
  if (!theirs || checkInChannel(theirs, "connect") !== "allowed") {
    throw new AppError("forbidden", "They may not connect to that channel.");
  }
  return target;
}

type Recorded = Omit<AuditRecord, "action"> & { userId: number };

function recordOf(
  { clock }: Context,
  actor: Actor,
  { channel, userId, reason }: { channel: ServerChannelAccess; userId: number; reason: string | undefined },
): Recorded {
  const { serverId, channelId: id, isRestricted } = channel;
  return { serverId, actorId: actor.userId, at: clock.now(), userId, channel: { id, isRestricted }, reason };
}

async function restrain(
  context: Context,
  actor: Actor,
  record: Recorded,
  { channelId, muted, deafened }: Pick<VoiceModeration, "muted" | "deafened"> & { channelId: number },
): Promise<void> {
  const { serverId, userId } = record;
  const isChanged = await context.store.db.transaction().execute(async (db) => {
    if (muted !== undefined) await requireStillIn(context, db, actor, { channelId, permission: "muteMembers" });
    if (deafened !== undefined) await requireStillIn(context, db, actor, { channelId, permission: "deafenMembers" });
    const before = await voiceRestraintOf(db, serverId, userId);
    const after = { isMuted: muted ?? before.isMuted, isDeafened: deafened ?? before.isDeafened };
    const changes = changesOf(
      { muted: before.isMuted, deafened: before.isDeafened },
      { muted: after.isMuted, deafened: after.isDeafened },
    );
    if (changes.length === 0) return false;
    await setVoiceRestraint(db, serverId, userId, after);
    await recordAction(db, { ...record, action: "member_voice_update", changes });
    return true;
  });
  // Each node applies it to its part of the call.
  if (isChanged) announceRights(context, serverId, { hidden: [], opened: [] }, { userIds: [userId] });
}
