import type { Clock } from "../../clock.ts";
import { createMesh, turnServers, type IceSettings } from "../mesh.ts";
import type { MediaBackend, VoiceRouting } from "../routing.ts";
import type { Forwarding } from "./forwarding.ts";

export interface RoomSizes {
  readonly voiceRoomLimit: number;
  readonly voiceMeshLimit: number;
}

/**
 * Rooms are forwarded while the unit is available and every participant's client can use it; otherwise, as with a client of
 * version 1 among them, the participants connect to each other. A room with more participants than a mesh holds is forwarded
 * also while the unit is not available: it waits for the unit.
 */
export function createRouting(forwarding: Forwarding, settings: IceSettings & RoomSizes, clock: Clock): VoiceRouting {
  const { voiceRoomLimit, voiceMeshLimit } = settings;
  const mesh = createMesh({ ...settings, maxParticipants: Math.min(voiceRoomLimit, voiceMeshLimit) }, clock);
  const forwarded: MediaBackend = {
    media: "forwarded",
    maxParticipants: voiceRoomLimit,
    isRelayOnly: false,
    // The unit has an address of its own; a relay is for networks that let no other UDP through.
    iceServersFor: (userId) => turnServers(settings, userId, clock),
    // Nobody learns the address of another participant.
    visibleSignal: () => null,
    join: (member) => forwarding.connect(member),
  };
  return {
    choose(participants) {
      const all = [...participants];
      const isWaiting = voiceMeshLimit === 0 || (forwarding.isWanted && all.length > mesh.maxParticipants);
      const mayForward = forwarding.isAvailable || isWaiting;
      return mayForward && all.every(({ canForward }) => canForward) ? forwarded : mesh;
    },
    onChange: (listener) => forwarding.onChange(listener),
  };
}
