import { closeCodes } from "@miscord/protocol";
import { mainCommand, type MainCommand } from "@miscord/protocol/schemas";
import { mainCodec } from "../../delivery/wire-codec.ts";
import { features } from "../../version.ts";
import { commandParser } from "../connection/incoming.ts";
import type { SessionKind } from "../client-session/session-endpoint.ts";
import { handleCommand } from "./commands.ts";
import { ClientSession, type SessionDeps, type SessionOutput } from "../client-session/client-session.ts";

export interface MainSettings {
  readonly heartbeatIntervalMs: number;
  readonly version: string;
}

const parseCommand = commandParser(mainCommand);

/** A repeated nonce is confirmed like the first one: the client that repeats it has not received the ack. */
const mainOutput: SessionOutput = {
  tokenEndCode: closeCodes.tokenInvalid,
  confirm(session, nonce, { message: { id, channel_id, seq }, unseeing }) {
    const notNotified = unseeing.length > 0 ? { not_notified: [...unseeing] } : {};
    session.send({ type: "message_ack", nonce, id, channel_id, seq, ...notNotified });
  },
};

/** `/ws/main`: chat and notifications on one connection. */
export function mainKind(
  deps: SessionDeps,
  { version, heartbeatIntervalMs }: MainSettings,
): SessionKind<SessionOutput, MainCommand> {
  const { clock, store, cluster, instance } = deps.context;
  return {
    path: /^\/ws\/main\/?$/,
    codec: mainCodec,
    hasThreads: true,
    open: (connection, authentication) => new ClientSession(connection, authentication, deps, mainOutput),
    parse: parseCommand,
    handle: handleCommand,
    greet(session) {
      const timestamp = clock.now() / 1_000;
      session.send(
        {
          type: "connection_established",
          user_id: session.userId,
          timestamp,
          server_info: { version, features: [...features], node: cluster.nodeId },
          session_id: session.sessionId,
          heartbeat_interval_ms: heartbeatIntervalMs,
          epoch: store.epoch,
          instance: instance.state,
        },
        { type: "pong", timestamp },
      );
    },
  };
}
