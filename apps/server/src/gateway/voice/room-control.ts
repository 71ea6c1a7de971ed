import { closeCodes } from "@miscord/protocol";
import type { Delivery } from "../../delivery/delivery.ts";
import type { VoiceHomes } from "../../voice/voice-homes.ts";

/** Removes participants who lose access to their voice channel, whichever endpoint they are connected to. */
export function handleRoomControl(homes: VoiceHomes, delivery: Delivery): void {
  delivery.onControl((_, control) => {
    if (control.type === "membership_removed") {
      homes.remove(control.userId, closeCodes.forbidden, "no longer a member", { serverId: control.serverId });
    } else if (control.type === "recipient_removed" || control.type === "call_refused") {
      const { userId, channelId } = control;
      homes.remove(userId, closeCodes.forbidden, "no longer allowed", { channelId });
    } else if (control.type === "channel_removed") {
      homes.removeChannel(control.channelId, closeCodes.notFound, "the channel was deleted");
    }
  });
}
