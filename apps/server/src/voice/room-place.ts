import { keyLimits } from "@miscord/protocol/schemas";
import { AppError } from "../errors.ts";
import type { VoiceChannel } from "./events.ts";
import type { MediaBackend, RoutedClient, VoiceRouting } from "./routing.ts";

type Newcomer = { entry: RoutedClient; channel: VoiceChannel };

/** To clients of version 2 that do not know the forwarding unit. */
export const tooOld = "Calls here go through the server. This client is too old for that: update it.";

/**
 * Whether a call of the others would be forwarded, and this client cannot be: it would make the call a mesh, in which everybody
 * learns everybody's address.
 */
export function spoilsForwarding(routing: VoiceRouting, others: Iterable<RoutedClient>, client: RoutedClient): boolean {
  return !client.canForward && !client.isLegacy && routing.choose(others).media === "forwarded";
}

/**
 * A room that has to be a mesh takes no more than a mesh holds, also when it would be forwarded with one more.
 * @throws AppError `voice_channel_full` when a room with these participants has no place for another one
 */
export function requirePlace(routing: VoiceRouting, present: readonly RoutedClient[], newcomer: Newcomer): void {
  const { entry, channel } = newcomer;
  const most = channel.isEncrypted ? keyLimits.participants : Infinity;
  const backends = [routing.choose(present), routing.choose([...present, entry])];
  const legacy = entry.isLegacy ? present.filter(({ isLegacy }) => isLegacy).length : -1;
  const hasPlace = ({ maxParticipants, maxLegacy }: MediaBackend) =>
    present.length < Math.min(most, maxParticipants) && legacy < maxLegacy;
  if (backends.every(hasPlace)) return;
  throw new AppError("voice_channel_full", "This voice channel is full.");
}
