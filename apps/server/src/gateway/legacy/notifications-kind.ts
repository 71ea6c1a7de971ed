import { legacyNotificationsCommand, type LegacyNotificationsCommand } from "@miscord/protocol/schemas";
import { commandParser } from "../connection/incoming.ts";
import { handleCommand } from "../main/commands.ts";
import type { WireCodec } from "../../delivery/wire-codec.ts";
import { ClientSession, type SessionDeps } from "../client-session/client-session.ts";
import type { SessionKind } from "../client-session/session-endpoint.ts";
import { legacyCloseCode, LegacyOutput, legacyRateLimit } from "./output.ts";

const parseCommand = commandParser(legacyNotificationsCommand);

/** `/ws/legacy/notifications` */
export function legacyNotificationsKind(
  deps: SessionDeps,
  codec: WireCodec,
): SessionKind<LegacyOutput, LegacyNotificationsCommand> {
  const { clock, instance } = deps.context;
  return {
    path: /^\/ws\/legacy\/notifications\/?$/,
    codec,
    open: (connection, authentication) => new ClientSession(connection, authentication, deps, new LegacyOutput(clock)),
    greet(session) {
      if (instance.announcement) session.send({ type: "instance_updated", instance: instance.state });
    },
    parse: parseCommand,
    handle: handleCommand,
    delaysRefusals: true,
    besideError: (_session, error) => legacyRateLimit(error),
    closeCodeOf: legacyCloseCode,
  };
}
