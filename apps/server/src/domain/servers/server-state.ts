import type { ServerState } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { serverStates, type StoredServerState } from "../../store/queries/servers.ts";
import type { Actor, DomainContext } from "../context.ts";
import type { VoiceStates } from "../ports.ts";

/** The actor's servers with channels, unread state and voice participants, in the order of joining. */
export async function listServers(
  { store, clock, voice }: Pick<DomainContext, "store" | "clock" | "voice">,
  { userId }: Actor,
): Promise<ServerState[]> {
  const servers = await serverStates(store.db, userId, { now: clock.now() });
  return servers.map((server) => withVoice(voice, server));
}

/** One server as `listServers` returns it. Throws `not_found` for users who are not members. */
export async function serverState(
  { store, clock, voice }: Pick<DomainContext, "store" | "clock" | "voice">,
  { userId }: Actor,
  serverId: number,
): Promise<ServerState> {
  const [server] = await serverStates(store.db, userId, { now: clock.now(), only: serverId });
  if (!server) throw new AppError("not_found", "There is no such server.");
  return withVoice(voice, server);
}

function withVoice(voice: VoiceStates, server: StoredServerState): ServerState {
  const visible = new Set(server.channels.map(({ id }) => id));
  return { ...server, voice_states: voice.statesOf(server.id).filter((state) => visible.has(state.channel_id)) };
}
