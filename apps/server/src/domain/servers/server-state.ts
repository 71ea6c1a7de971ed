import type { Member, ServerState } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { membersOf } from "../../store/queries/members.ts";
import { serverStates } from "../../store/queries/servers.ts";
import { serverAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";

/** The person's servers with channels, what is unread, and who is in the voice channels. */
export async function listServers(
  { store, voice }: Pick<DomainContext, "store" | "voice">,
  { userId }: Actor,
): Promise<ServerState[]> {
  const servers = await serverStates(store.db, userId);
  return servers.map((server) => ({ ...server, voice_states: voice.statesOf(server.id) }));
}

/** One of them; to everybody else it does not exist. */
export async function serverState(
  { store, voice }: Pick<DomainContext, "store" | "voice">,
  { userId }: Actor,
  serverId: number,
): Promise<ServerState> {
  const [server] = await serverStates(store.db, userId, serverId);
  if (!server) throw new AppError("not_found", "There is no such server.");
  return { ...server, voice_states: voice.statesOf(serverId) };
}

/** For members. */
export async function listMembers(
  context: Pick<DomainContext, "store" | "presence">,
  actor: Actor,
  serverId: number,
): Promise<Member[]> {
  const { store, presence } = context;
  await serverAccess(context, actor, serverId);
  const members = await membersOf(store.db, serverId);
  return members.map((member) => ({ ...member, status: presence.statusOf(member.id) }));
}
