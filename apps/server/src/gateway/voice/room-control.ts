import { closeCodes } from "@miscord/protocol";
import type { Delivery } from "../../delivery/delivery.ts";
import type { VoiceRooms } from "../../voice/voice-rooms.ts";

/** Whoever loses the right to a channel is taken out of its room, on whatever kind of socket they are. */
export function handleRoomControl(rooms: VoiceRooms, delivery: Delivery): void {
  delivery.onControl((_, control) => {
    if (control.type === "membership_removed") {
      rooms.remove(control.userId, closeCodes.forbidden, "no longer a member", control.serverId);
    } else if (control.type === "channel_removed") {
      rooms.removeChannel(control.channelId, closeCodes.notFound, "the channel was deleted");
    }
  });
}
