import type { Clock } from "../clock.ts";
import { hideAddresses } from "./hide-addresses.ts";
import type { VoiceRouting } from "./routing.ts";
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
export function createMesh(settings: IceSettings & { maxParticipants: number }, clock: Clock): VoiceRouting {
  const { stunUrls, turnUrls, turnSecret, turnTtlMs } = settings;
  const relayOnly = isRelayOnly(settings);
  return {
    maxParticipants: settings.maxParticipants,
    connects: (fromId, toId) => fromId !== toId,
    isRelayOnly: relayOnly,
    visibleSignal: (signal) => (relayOnly ? hideAddresses(signal) : signal),
    iceServersFor(userId) {
      // Addresses found through STUN are of no use to relayed calls.
      const stun = stunUrls.length > 0 && !relayOnly ? [{ urls: [...stunUrls] }] : [];
      if (turnUrls.length === 0 || !turnSecret) return stun;
      return [...stun, { urls: [...turnUrls], ...turnCredentials(turnSecret, userId, clock.now() + turnTtlMs) }];
    },
  };
}
