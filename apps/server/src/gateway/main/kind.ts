import { mainCommand, type MainCommand } from "@miscord/protocol/schemas";
import { mainCodec } from "../../delivery/wire-codec.ts";
import { nodeId } from "../../node-id.ts";
import { commandParser } from "../connection/incoming.ts";
import type { SessionKind } from "../client-session/session-endpoint.ts";
import { handleCommand } from "./commands.ts";
import { MainSession, type SessionDeps } from "../client-session/client-session.ts";

export interface MainSettings {
  readonly heartbeatIntervalMs: number;
  readonly version: string;
}

const parseCommand = commandParser(mainCommand);
const features = ["batch", "resume", "edit", "reactions", "read_state", "presence"];

/** `/ws/main`: chat and notifications on one connection. */
export function mainKind(
  deps: SessionDeps,
  { version, heartbeatIntervalMs }: MainSettings,
): SessionKind<MainSession, MainCommand> {
  const { clock, store } = deps.context;
  return {
    path: /^\/ws\/main\/?$/,
    codec: mainCodec,
    open: (connection, authentication) => new MainSession(connection, authentication, deps),
    parse: parseCommand,
    handle: handleCommand,
    greet(session) {
      const timestamp = clock.now() / 1_000;
      session.send(
        {
          type: "connection_established",
          user_id: session.userId,
          timestamp,
          server_info: { version, features, node: nodeId },
          session_id: session.sessionId,
          heartbeat_interval_ms: heartbeatIntervalMs,
          epoch: store.epoch,
        },
        { type: "pong", timestamp },
      );
    },
  };
}
