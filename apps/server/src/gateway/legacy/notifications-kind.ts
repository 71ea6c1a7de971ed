import { legacyNotificationsCommand, type LegacyNotificationsCommand } from "@miscord/protocol/schemas";
import { commandParser } from "../connection/incoming.ts";
import { handleCommand } from "../main/commands.ts";
import type { SessionDeps } from "../client-session/client-session.ts";
import type { SessionKind } from "../client-session/session-endpoint.ts";
import { legacyNotificationsCodec } from "./notifications-codec.ts";
import { legacyCloseCode, LegacySession } from "./session.ts";

const parseCommand = commandParser(legacyNotificationsCommand);

/** `/ws/legacy/notifications` */
export function legacyNotificationsKind(deps: SessionDeps): SessionKind<LegacySession, LegacyNotificationsCommand> {
  return {
    path: /^\/ws\/legacy\/notifications\/?$/,
    codec: legacyNotificationsCodec,
    open: (connection, authentication) => new LegacySession(connection, authentication, deps),
    parse: parseCommand,
    handle: handleCommand,
    closeCodeOf: legacyCloseCode,
  };
}
