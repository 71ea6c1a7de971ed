import { legacyChatCommand, type LegacyChatCommand } from "@miscord/protocol/schemas";
import type { WireCodec } from "../../delivery/wire-codec.ts";
import { AppError } from "../../errors.ts";
import { commandParser } from "../connection/incoming.ts";
import { handleCommand } from "../main/commands.ts";
import type { SessionDeps } from "../client-session/client-session.ts";
import type { SessionKind } from "../client-session/session-endpoint.ts";
import { LegacyChatSession } from "./chat-session.ts";
import { legacyCloseCode } from "./session.ts";

const parseCommand = commandParser(legacyChatCommand);

/** `/ws/legacy/chat/{channel_id}` */
export function legacyChatKind(deps: SessionDeps, codec: WireCodec): SessionKind<LegacyChatSession, LegacyChatCommand> {
  return {
    path: /^\/ws\/legacy\/chat\/([^/]*)\/?$/,
    codec,
    open: (connection, authentication, [channelId = ""]) =>
      new LegacyChatSession(connection, authentication, deps, channelIdOf(channelId)),
    enter: (session) => session.enter(),
    parse: parseCommand,
    handle,
    closeCodeOf: legacyCloseCode,
  };
}

function handle(session: LegacyChatSession, command: LegacyChatCommand, arrivedAt: number): Promise<void> | void {
  switch (command.type) {
    case "message": {
      const { text_channel_id, attachments, type: _, ...rest } = command;
      const channel_id = ownChannel(session, text_channel_id);
      const chatMessage = { ...rest, type: "chat_message", channel_id, attachments: attachments ?? [] } as const;
      return handleCommand(session, chatMessage, arrivedAt);
    }
    case "typing": {
      const channel_id = ownChannel(session, command.text_channel_id);
      return handleCommand(session, { type: "typing", channel_id }, arrivedAt);
    }
    default:
      return handleCommand(session, command, arrivedAt);
  }
}

function ownChannel({ channelId }: LegacyChatSession, asked: number): number {
  if (asked === channelId) return channelId;
  throw new AppError("invalid_request", "This socket is another channel's.");
}

function channelIdOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new AppError("not_found", "There is no such channel.");
  return Number(text);
}
