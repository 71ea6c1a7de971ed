import { closeCodes } from "@miscord/protocol";
import type { Delivery } from "../../delivery/delivery.ts";
import type { VoiceRooms } from "../../voice/voice-rooms.ts";

/** Removes participants who lose access to their voice channel, whichever endpoint they are connected to. */
export function handleRoomControl(rooms: VoiceRooms, delivery: Delivery): void {
  delivery.onControl((_, control) => {
    if (control.type === "membership_removed") {
      rooms.remove(control.userId, closeCodes.forbidden, "no longer a member", control.serverId);
    } else if (control.type === "channel_removed") {
      rooms.removeChannel(control.channelId, closeCodes.notFound, "the channel was deleted");
    }
  });
}
