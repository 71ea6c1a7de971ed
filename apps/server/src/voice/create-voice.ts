import type { Bus } from "../bus/contract.ts";
import type { Clock } from "../clock.ts";
import type { Cluster } from "../cluster/contract.ts";
import type { VoiceStates } from "../domain/ports.ts";
import { CallAudience } from "../domain/private/call-audience.ts";
import { publish, topicOf } from "../domain/publish.ts";
import type { Store } from "../store/contract.ts";
import { createForwarding, type Forwarding, type ForwardingSettings } from "./forwarding/forwarding.ts";
import { createRouting } from "./forwarding/forwarded-media.ts";
import type { IceSettings } from "./mesh.ts";
import { busTransport } from "./nodes/bus-transport.ts";
import { VoiceHomes } from "./voice-homes.ts";
import { VoicePresence, type AnnounceToViewers } from "./voice-presence.ts";
import type { VoiceRooms } from "./voice-rooms.ts";

export interface VoiceSettings extends IceSettings, ForwardingSettings {
  /** Most participants of one voice channel. */
  readonly voiceRoomLimit: number;
  /** Most participants of one voice channel while they connect to each other. */
  readonly voiceMeshLimit: number;
}

export interface Voice extends VoiceStates {
  readonly homes: VoiceHomes;
  /** The rooms whose home is this node. */
  readonly rooms: VoiceRooms;
  readonly forwarding: Forwarding;
  close(): void;
}

export interface VoiceDependencies {
  readonly bus: Bus;
  readonly store: Pick<Store, "db">;
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly settings: VoiceSettings;
  readonly onFailure?: (error: unknown) => void;
}

export function createVoice(dependencies: VoiceDependencies): Voice {
  const { bus, clock, cluster, settings, onFailure = () => {} } = dependencies;
  const privateCalls = new CallAudience({ ...dependencies, onFailure });
  const announce: AnnounceToViewers = (channel, event) => {
    const { id, serverId, isRestricted } = channel;
    if (serverId === null) privateCalls.tell(id, event);
    else publish({ bus }, topicOf({ id, serverId, isRestricted }), event);
  };
  const forwarding = createForwarding({ clock, settings, onFailure });
  const homes = new VoiceHomes({
    clock,
    cluster,
    transport: busTransport(bus),
    routing: createRouting(forwarding, settings, clock),
    observer: new VoicePresence(clock, announce),
    onFailure,
  });
  return {
    homes,
    rooms: homes.rooms,
    forwarding,
    statesOf: (serverId) => homes.statesOf(serverId),
    statesIn: (channelId) => homes.statesIn(channelId),
    setSpeaker: (userId, channelId, isSpeaker) => homes.setSpeaker(userId, channelId, isSpeaker),
    move: (userId, channelId, toChannelId) => homes.move(userId, channelId, toChannelId),
    close() {
      homes.close();
      forwarding.close();
    },
  };
}
