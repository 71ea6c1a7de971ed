import type { Member, ServerState } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { membersOf } from "../../store/queries/members.ts";
import { serverStates, type StoredServerState } from "../../store/queries/servers.ts";
import { serverAccess } from "../access.ts";
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

/** The members with their statuses, by username, for members of the server. Throws `not_found`. */
export async function listMembers(
  context: Pick<DomainContext, "store" | "clock" | "presence">,
  actor: Actor,
  serverId: number,
): Promise<Member[]> {
  const { store, presence } = context;
  await serverAccess(context, actor, serverId);
  const members = await membersOf(store.db, serverId);
  return members.map((member) => ({ ...member, status: presence.statusOf(member.id) }));
}
