import type { Clock } from "../../clock.ts";
import { createMesh, turnServers, type IceSettings } from "../mesh.ts";
import {
  newRoom,
  type MediaBackend,
  type MediaMember,
  type MediaSeat,
  type RoutedRoom,
  type VoiceRouting,
} from "../routing.ts";
import { chooseRegion } from "./choose-region.ts";
import type { Forwarding } from "./forwarding.ts";

interface RoomSizes {
  readonly voiceRoomLimit: number;
  readonly voiceMeshLimit: number;
}

/** Most participants of a forwarded room with a client of version 1: for each the unit has a connection to each other one. */
const mostBridged = 10;

/** Forwarding units elsewhere. */
export interface RegionUnits {
  /** Names of the regions that can forward now. */
  readonly available: readonly string[];
  /** Offers the participant a connection to the unit of this region. */
  connect(region: string, member: MediaMember): MediaSeat;
  onChange(listener: () => void): void;
  gaveUp?(region: string): void;
}

export interface RoutingOptions {
  /** The unit of this node. */
  readonly forwarding: Forwarding;
  /** The region of that unit. */
  readonly ownRegion: string;
  readonly regions: RegionUnits;
  readonly settings: IceSettings & RoomSizes;
  readonly clock: Clock;
}

/**
 * Rooms are forwarded while a unit is available, with clients of version 1 bridged; otherwise the participants connect to each
 * other. A room with a participant who can do neither is a mesh until they leave. One with more participants than a mesh holds is
 * forwarded also while no unit is available: it waits for one.
 */
export function createRouting({ forwarding, ownRegion, regions, settings, clock }: RoutingOptions): VoiceRouting {
  const { voiceRoomLimit, voiceMeshLimit } = settings;
  const mesh = createMesh({ ...settings, maxParticipants: Math.min(voiceRoomLimit, voiceMeshLimit) }, clock);
  const backends = new Map<string, MediaBackend>();
  const forwardedIn = (region: string): MediaBackend => {
    const known = backends.get(region) ?? {
      media: "forwarded",
      region,
      maxParticipants: voiceRoomLimit,
      maxLegacy: mostBridged,
      isRelayOnly: false,
      // The unit has an address of its own; a relay is for networks that let no other UDP through.
      iceServersFor: (userId) => turnServers(settings, userId, clock),
      // Nobody learns the address of another participant.
      visibleSignal: () => null,
      join: (member) => (region === ownRegion ? forwarding.connect(member) : regions.connect(region, member)),
    };
    backends.set(region, known);
    return known;
  };
  const availableFor = ({ excluded }: RoutedRoom) => {
    if (!forwarding.isWanted) return [];
    const own = forwarding.isAvailable ? [ownRegion] : [];
    const reached = [...own, ...regions.available.filter((name) => !excluded.has(name))];
    return reached.length > 0 ? reached : regions.available;
  };
  return {
    choose(participants, room = newRoom) {
      const { named, present, isSettled } = room;
      const all = [...participants];
      const names = availableFor(room);
      const isWaiting = voiceMeshLimit === 0 || (forwarding.isWanted && all.length > mesh.maxParticipants);
      const canForward = all.every((one) => one.canForward || one.isLegacy);
      if ((names.length === 0 && !isWaiting) || !canForward) return mesh;
      const formerly = present?.region ?? null;
      // A room that waits does so where it was.
      if (names.length === 0) return forwardedIn(formerly ?? ownRegion);
      const times = all.map(({ regionTimes = {} }) => regionTimes);
      return forwardedIn(chooseRegion({ available: names, named, present: formerly, isSettled, times }));
    },
    onChange(listener) {
      forwarding.onChange(listener);
      regions.onChange(listener);
    },
    gaveUp: (region) => regions.gaveUp?.(region),
  };
}
