import { legacyChatCommand, type LegacyChatCommand } from "@miscord/protocol/schemas";
import type { WireCodec } from "../../delivery/wire-codec.ts";
import { channelAccess } from "../../domain/access.ts";
import { AppError } from "../../errors.ts";
import { commandParser } from "../connection/incoming.ts";
import { handleCommand } from "../main/commands.ts";
import { ClientSession, type SessionDeps } from "../client-session/client-session.ts";
import type { SessionKind } from "../client-session/session-endpoint.ts";
import { LegacyChatOutput } from "./chat-output.ts";
import { legacyCloseCode, legacyRateLimit } from "./output.ts";

type LegacyChatSession = ClientSession<LegacyChatOutput>;

const parseCommand = commandParser(legacyChatCommand);

/** `/ws/legacy/chat/{channel_id}` */
export function legacyChatKind(deps: SessionDeps, codec: WireCodec): SessionKind<LegacyChatOutput, LegacyChatCommand> {
  const { clock } = deps.context;
  return {
    path: /^\/ws\/legacy\/chat\/([^/]*)\/?$/,
    codec,
    open: (connection, authentication, [channelId = ""]) =>
      new ClientSession(connection, authentication, deps, new LegacyChatOutput(clock, channelIdOf(channelId))),
    enter: enterChannel,
    parse: parseCommand,
    handle,
    delaysRefusals: true,
    besideError: ({ output }, error) => legacyRateLimit(error, { text_channel_id: output.channelId }),
    closeCodeOf: legacyCloseCode,
  };
}

/** Subscribes the session to its channel. @throws AppError `not_found` */
async function enterChannel(session: LegacyChatSession): Promise<void> {
  const { connection, deps } = session;
  const { channelId } = session.output;
  const serverId = await requireAccess(session);
  // Subscribing after the close would leak: the cleanup at the close has already run.
  if (!connection.isOpen) return;
  session.channels.set(channelId, { serverId, parentId: null, isAnnounced: false, mayWrite: false });
  session.joinedServer(serverId);
  const topics = [`server:${serverId}`, `channel:${channelId}`] as const;
  await Promise.all(topics.map((topic) => deps.delivery.subscribe(topic, connection.writer)));
  // Access may have been lost before the subscription could carry the control message.
  await requireAccess(session);
}

async function requireAccess(session: LegacyChatSession): Promise<number> {
  const { serverId, type } = await channelAccess(session.deps.context, session, session.output.channelId);
  if (type !== "text" || serverId === null) throw new AppError("not_found", "This is no text channel.");
  return serverId;
}

function handle(session: LegacyChatSession, command: LegacyChatCommand, arrivedAt: number): Promise<void> | void {
  switch (command.type) {
    case "message": {
      const { text_channel_id, attachments, type: _, ...rest } = command;
      const channel_id = requireOwnChannel(session, text_channel_id);
      const chatMessage = { ...rest, type: "chat_message", channel_id, attachments: attachments ?? [] } as const;
      return handleCommand(session, chatMessage, arrivedAt);
    }
    case "typing": {
      const channel_id = requireOwnChannel(session, command.text_channel_id);
      return handleCommand(session, { type: "typing", channel_id }, arrivedAt);
    }
    default:
      return handleCommand(session, command, arrivedAt);
  }
}

function requireOwnChannel({ output: { channelId } }: LegacyChatSession, asked: number): number {
  if (asked === channelId) return channelId;
  throw new AppError("invalid_request", "This socket is another channel's.");
}

function channelIdOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new AppError("not_found", "There is no such channel.");
  return Number(text);
}
