import type { Bus } from "../bus/contract.ts";
import type { Clock } from "../clock.ts";
import type { VoiceStates } from "../domain/ports.ts";
import { publish } from "../domain/publish.ts";
import { createMesh, type IceSettings } from "./mesh.ts";
import { VoicePresence, voiceStatesOf } from "./voice-presence.ts";
import { VoiceRooms } from "./voice-rooms.ts";

export interface VoiceSettings extends IceSettings {
  /** Most participants of one voice channel. */
  readonly voiceRoomLimit: number;
}

export interface Voice extends VoiceStates {
  readonly rooms: VoiceRooms;
}

export function createVoice({ bus, clock, settings }: { bus: Bus; clock: Clock; settings: VoiceSettings }): Voice {
  const rooms = new VoiceRooms({
    clock,
    routing: createMesh({ ...settings, maxParticipants: settings.voiceRoomLimit }, clock),
    observer: new VoicePresence(clock, (serverId, event) => publish({ bus }, `server:${serverId}`, event)),
  });
  return { rooms, statesOf: (serverId) => voiceStatesOf(rooms.rooms.values(), serverId) };
}
