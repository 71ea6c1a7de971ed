import { can, checkInChannel } from "@miscord/rights";
import type { MainCommand } from "@miscord/protocol/schemas";
import { contentAccess, requireAllowed } from "../../domain/access.ts";
import { deleteMessage } from "../../domain/messages/delete-message.ts";
import { editMessage } from "../../domain/messages/edit-message.ts";
import { markRead } from "../../domain/messages/mark-read.ts";
import { vote } from "../../domain/messages/polls.ts";
import { publish } from "../../domain/publish.ts";
import { sendMessage } from "../../domain/messages/send-message.ts";
import { setReaction } from "../../domain/messages/set-reaction.ts";
import { setStatus } from "../../domain/presence/set-status.ts";
import { AppError } from "../../errors.ts";
import { renewToken } from "../client-session/renew-token.ts";
import type { ClientSession } from "../client-session/client-session.ts";

type CommandOf<Type extends MainCommand["type"]> = Extract<MainCommand, { type: Type }>;
type Handler<Type extends MainCommand["type"]> = (
  session: ClientSession,
  command: CommandOf<Type>,
  arrivedAt: number,
) => Promise<void> | void;

/** Most channels that one connection may join. */
const maxChannels = 200;

/**
 * The handler of each command. Before they call the store, handlers await nothing but budgets, which a node that is alone
 * answers at once and several nodes answer in the order of a user's calls, and what `textFields` asks for, in that order
 * too. So commands of one connection get their positions in the order of their frames without waiting for each other. Only
 * a message waits for the join of its channel that was sent before: see `FirstJoins`.
 */
const handlers: { readonly [Type in MainCommand["type"]]: Handler<Type> } = {
  async chat_message(session, command, arrivedAt) {
    const { context, delivery } = session.deps;
    const { channel_id: channelId, content, attachments, reply_to_id: replyToId, nonce, poll } = command;
    const stickerId = command.sticker_id;
    const input = { channelId, content, nonce, replyToId, attachments, poll, stickerId };
    const joining = session.firstJoins.pending(channelId);
    if (joining) await joining;
    const sent = await sendMessage(context, session, input);
    const { message } = sent;
    delivery.timeMessage(channelId, message.seq, arrivedAt);
    if (nonce !== undefined) session.confirm(nonce, sent);
  },

  async message_edit(session, { message_id: messageId, content }) {
    await editMessage(session.deps.context, session, { messageId, content });
  },

  message_delete: (session, { message_id: messageId }) => deleteMessage(session.deps.context, session, { messageId }),

  reaction_add: (session, { message_id: messageId, emoji }) =>
    setReaction(session.deps.context, session, { messageId, emoji, on: true }),

  reaction_remove: (session, { message_id: messageId, emoji }) =>
    setReaction(session.deps.context, session, { messageId, emoji, on: false }),

  async poll_vote(session, { message_id: messageId, answers }) {
    await vote(session.deps.context, session, { messageId, answers });
  },

  async mark_read(session, { channel_id: channelId, seq }) {
    const { context } = session.deps;
    await context.rates.requests.spend(session.userId);
    await markRead(context, session, { channelId, seq });
  },

  set_status: (session, { status }) => setStatus(session.deps.context, session, { status }),

  async attention(session, { active }) {
    await session.deps.context.rates.requests.spend(session.userId);
    session.attend(active);
  },

  async watch_members(session, { lists }) {
    const { context, memberLists } = session.deps;
    const { requests } = context.rates;
    // Each page is encoded and sent.
    const pages = lists.reduce((sum, list) => sum + list.pages.length, 0);
    await requests.spend(session.userId, Math.min(requests.rate.burst, Math.max(1, pages)));
    await memberLists.watch(session, lists);
  },

  async join_channel(session, command) {
    const { context, joins } = session.deps;
    const join = async () => {
      await context.rates.joins.spend(session.userId);
      await joins.run(session.userId, () => joinChannel(session, command));
    };
    await (command.after_seq === undefined ? session.firstJoins.run(command.channel_id, join) : join());
  },

  leave_channel(session, { channel_id: channelId }) {
    const channel = session.channels.get(channelId);
    session.leaveChannel(channelId);
    if (channel?.isAnnounced && isSeen(session)) announce(session, "user_left_channel", channelId);
  },

  async typing(session, { channel_id: channelId }) {
    const { context } = session.deps;
    await context.rates.typing.spend(session.userId);
    if (!session.channels.get(channelId)?.mayWrite) await requireMayWrite(session, channelId);
    const { id, username } = session.user;
    const timestamp = context.clock.now() / 1_000;
    publish(context, `channel:${channelId}`, {
      type: "typing",
      user: { id, username },
      channel_id: channelId,
      timestamp,
    });
  },

  heartbeat(session, { timestamp: clientTimestamp }) {
    const timestamp = session.deps.context.clock.now() / 1_000;
    const echo = clientTimestamp === undefined ? {} : { client_timestamp: clientTimestamp };
    session.send({ type: "heartbeat_ack", timestamp, ...echo }, { type: "pong", timestamp });
    session.connection.heartbeat();
  },

  ping(session) {
    session.send({ type: "pong", timestamp: session.deps.context.clock.now() / 1_000 });
  },

  pong() {
    // Receiving the frame has already updated `lastSeenAt`.
  },

  auth_refresh: (session, { token }) => renewToken(session.deps.context, session.token, token),
};

export function handleCommand(session: ClientSession, command: MainCommand, arrivedAt: number): Promise<void> | void {
  const handler = handlers[command.type] as Handler<MainCommand["type"]>;
  return handler(session, command, arrivedAt);
}

async function joinChannel(session: ClientSession, command: CommandOf<"join_channel">): Promise<void> {
  const { context, resumes, replays } = session.deps;
  const { channel_id: channelId, after_seq: afterSeq, epoch } = command;
  // Up to 256 joins of a connection wait for their turn, and it may have been closed meanwhile.
  if (!session.connection.isOpen) return;
  const access = await currentAccess(session, channelId);
  if (!session.connection.isOpen) return;
  if (session.channels.size >= maxChannels && !session.channels.has(channelId)) {
    throw new AppError("limit_reached", `A connection joins at most ${maxChannels} channels.`);
  }
  session.joinedChannel(afterSeq !== undefined);
  const isAnnounced = session.channels.get(channelId)?.isAnnounced ?? false;
  const isNew = afterSeq === undefined && !isAnnounced && access.serverId !== null && isSeen(session);
  const mayWrite = isRemembered(access) && can(access, "sendMessages");
  const { serverId, parentId } = access;
  const joined = { serverId, parentId, isAnnounced: isAnnounced || isNew, mayWrite };
  session.channels.set(channelId, joined);
  if (isNew) announce(session, "user_joined_channel", channelId);
  const isForeign = epoch !== undefined && epoch !== context.store.epoch;
  const isExhausted = replays.waitMs(session.userId) > 0;
  const position = afterSeq === undefined ? "none" : isForeign || isExhausted ? "unknown" : afterSeq;
  try {
    const read = await resumes.join(channelId, session.connection.writer, position);
    replays.charge(session.userId, read);
  } catch (error) {
    // A later join of the channel goes on.
    if (session.channels.get(channelId) === joined) session.leaveChannel(channelId);
    throw error;
  }
}

/** Throws unless the user may write in the channel; remembered for joined channels of servers. */
async function requireMayWrite(session: ClientSession, channelId: number): Promise<void> {
  const access = await currentAccess(session, channelId);
  requireAllowed(checkInChannel(access, "sendMessages"), "channel");
  const channel = session.channels.get(channelId);
  if (channel) channel.mayWrite = isRemembered(access);
}

/** No control message tells that somebody does not accept messages any more, as after a block, or that a thread is locked. */
function isRemembered({ serverId, parentId }: { serverId: number | null; parentId: number | null }): boolean {
  return serverId !== null && parentId === null;
}

/** Looks up access again when a right was taken away during the lookup, since the result may be outdated. */
async function currentAccess(session: ClientSession, channelId: number): ReturnType<typeof contentAccess> {
  for (;;) {
    const { revision } = session;
    const access = await contentAccess(session.deps.context, session, channelId);
    if (revision === session.revision) return access;
  }
}

/** Joining and leaving is not announced for users who appear offline: it would reveal that they are online. */
function isSeen({ deps, userId }: ClientSession): boolean {
  return deps.context.presence.statusOf(userId) !== "offline";
}

function announce(session: ClientSession, type: "user_joined_channel" | "user_left_channel", channelId: number): void {
  const { context } = session.deps;
  const { user } = session;
  publish(context, `channel:${channelId}`, {
    type,
    user,
    channel_id: channelId,
    timestamp: context.clock.now() / 1_000,
  });
}
