import type { Bus } from "../bus/contract.ts";
import type { Clock } from "../clock.ts";
import type { Cluster } from "../cluster/contract.ts";
import type { VoiceStates } from "../domain/ports.ts";
import { CallAudience } from "../domain/private/call-audience.ts";
import { publish, topicOf } from "../domain/publish.ts";
import type { Store } from "../store/contract.ts";
import { noteGivenUp } from "../store/queries/voice-nodes.ts";
import { version } from "../version.ts";
import { createForwarding, hasTurnOverTcp, type Forwarding, type ForwardingSettings } from "./forwarding/forwarding.ts";
import { createRouting } from "./forwarding/forwarded-media.ts";
import type { IceSettings } from "./mesh.ts";
import { busTransport } from "./nodes/bus-transport.ts";
import { Regions } from "./regions/regions.ts";
import { VoiceHomes } from "./voice-homes.ts";
import { VoicePresence, type AnnounceToViewers } from "./voice-presence.ts";
import type { VoiceRooms } from "./voice-rooms.ts";

export interface VoiceSettings extends IceSettings, ForwardingSettings {
  /** Most participants of one voice channel. */
  readonly voiceRoomLimit: number;
  /** Most participants of one voice channel while they connect to each other. */
  readonly voiceMeshLimit: number;
  /** Name of the region of the instance's own forwarding units. */
  readonly voiceRegion: string;
}

export interface Voice extends VoiceStates {
  readonly homes: VoiceHomes;
  /** The rooms whose home is this node. */
  readonly rooms: VoiceRooms;
  readonly forwarding: Forwarding;
  readonly regions: Regions;
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
  const { bus, store, clock, cluster, settings, onFailure = () => {} } = dependencies;
  const privateCalls = new CallAudience({ ...dependencies, onFailure });
  const announce: AnnounceToViewers = (channel, event) => {
    const { id, serverId, isRestricted } = channel;
    if (serverId === null) privateCalls.tell(id, event);
    else publish({ bus }, topicOf({ id, serverId, isRestricted }), event);
  };
  const forwarding = createForwarding({ clock, settings, onFailure });
  const { voiceRegion: ownRegion } = settings;
  const regions = new Regions({
    clock,
    cluster,
    transport: busTransport(bus, "regions"),
    ownRegion,
    isWanted: forwarding.isWanted,
    isOwnAvailable: () => forwarding.isAvailable,
    hasTurnOverTcp: hasTurnOverTcp(settings.turnUrls),
    isSecure: settings.publicUrl?.startsWith("https:") === true,
    version,
    onFailure,
    onGivenUp: (region) => void noteGivenUp(store.db, region, clock.now()).catch(onFailure),
  });
  const homes = new VoiceHomes({
    clock,
    cluster,
    transport: busTransport(bus),
    routing: createRouting({ forwarding, ownRegion, regions, settings, clock }),
    observer: new VoicePresence(clock, announce),
    onFailure,
  });
  return {
    homes,
    rooms: homes.rooms,
    forwarding,
    regions,
    ownRegion,
    listRegions: () => regions.list(),
    statesOf: (serverId) => homes.statesOf(serverId),
    statesIn: (channelId) => homes.statesIn(channelId),
    setSpeaker: (userId, channelId, isSpeaker) => homes.setSpeaker(userId, channelId, isSpeaker),
    move: (userId, channelId, toChannelId) => homes.move(userId, channelId, toChannelId),
    close() {
      homes.close();
      regions.close();
      forwarding.close();
    },
  };
}
