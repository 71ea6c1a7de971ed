import type { VoiceChannel } from "./events.ts";

/** Calls of one server, or of one channel. */
export type CallScope = { readonly serverId: number } | { readonly channelId: number };

export function isWithin({ id, serverId }: VoiceChannel, scope: CallScope): boolean {
  return "serverId" in scope ? serverId === scope.serverId : id === scope.channelId;
}
