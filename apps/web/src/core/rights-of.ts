import { accessFacts, type ChannelEntry, type ClientState, memberRights, type ServerEntry } from "@miscord/client";
import type { Channel, ChannelType } from "@miscord/protocol";
import { can, channelPermissions } from "@miscord/rights";

/** A channel of a server, as opposed to a private one. */
export type ServerChannel = ChannelEntry & { server_id: number; type: ChannelType };

export function isOfServer(channel: ChannelEntry | undefined): channel is ServerChannel {
  return channel !== undefined && channel.server_id !== null;
}

/** Whether members without a role do not see the channel. */
export function isPrivate(server: ServerEntry | undefined, channel: Pick<Channel, "overrides"> | undefined): boolean {
  if (!server || !channel) return false;
  // Nobody has the id 0: what is asked for is a member without roles and overrides of their own.
  return channelPermissions(memberRights(server, 0, []), channel.overrides) === 0;
}

/** What the user would lose by a change of the state: the sight of the channel, or the right to change permissions. */
export function lockOutBy(
  before: ClientState,
  after: ClientState,
  serverId: number,
  channelId?: number,
): "view" | "manage" | null {
  const [present, next] = [accessFacts(before, serverId, channelId), accessFacts(after, serverId, channelId)];
  if (!present || !next) return null;
  if (channelId !== undefined && can(present, "viewChannel") && !can(next, "viewChannel")) return "view";
  return can(present, "manageRoles") && !can(next, "manageRoles") ? "manage" : null;
}
