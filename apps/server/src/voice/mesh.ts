import type { IceServer } from "@miscord/protocol";
import type { Clock } from "../clock.ts";
import { hideAddresses } from "./hide-addresses.ts";
import type { MediaBackend, MediaSeat } from "./routing.ts";
import { turnCredentials } from "./turn-credentials.ts";

export interface IceSettings {
  readonly stunUrls: readonly string[];
  readonly turnUrls: readonly string[];
  readonly turnSecret: string | undefined;
  readonly turnTtlMs: number;
  /** Whether media goes through the TURN server only, so that participants do not see each other's addresses. */
  readonly voiceRelayOnly: boolean;
}

/** Without a TURN server and its secret, relayed calls could not connect. */
export function isRelayOnly({ turnUrls, turnSecret, voiceRelayOnly }: IceSettings): boolean {
  return voiceRelayOnly && turnUrls.length > 0 && turnSecret !== undefined;
}

/**
 * Each participant connects to every other one, at the cost of one encoder and one upload each; hence the low limit.
 */
export function createMesh(settings: IceSettings & { maxParticipants: number }, clock: Clock): MediaBackend {
  const { stunUrls } = settings;
  const relayOnly = isRelayOnly(settings);
  return {
    media: "mesh",
    region: null,
    maxParticipants: settings.maxParticipants,
    maxLegacy: settings.maxParticipants,
    isRelayOnly: relayOnly,
    visibleSignal: (signal) => (relayOnly ? hideAddresses(signal) : signal),
    iceServersFor(userId) {
      // Addresses found through STUN are of no use to relayed calls.
      const stun = stunUrls.length > 0 && !relayOnly ? [{ urls: [...stunUrls] }] : [];
      return [...stun, ...turnServers(settings, userId, clock)];
    },
    join: () => unattended,
  };
}

/** The TURN server with credentials for the user, where one is set up. */
export function turnServers(
  { turnUrls, turnSecret, turnTtlMs }: IceSettings,
  userId: number,
  clock: Clock,
): IceServer[] {
  if (turnUrls.length === 0 || !turnSecret) return [];
  return [{ urls: [...turnUrls], ...turnCredentials(turnSecret, userId, clock.now() + turnTtlMs) }];
}

/** The server takes no part in the media of a mesh. */
const unattended: MediaSeat = { signal() {}, ask() {}, update() {}, parted() {}, leave() {} };
