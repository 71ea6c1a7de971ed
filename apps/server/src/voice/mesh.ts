import type { Clock } from "../clock.ts";
import type { VoiceRouting } from "./routing.ts";
import { turnCredentials } from "./turn-credentials.ts";

export interface IceSettings {
  readonly stunUrls: readonly string[];
  readonly turnUrls: readonly string[];
  readonly turnSecret: string | undefined;
  readonly turnTtlMs: number;
}

/**
 * Each participant connects to every other one, at the cost of one encoder and one upload each; hence the low limit.
 */
export function createMesh(settings: IceSettings & { maxParticipants: number }, clock: Clock): VoiceRouting {
  const { stunUrls, turnUrls, turnSecret, turnTtlMs } = settings;
  return {
    maxParticipants: settings.maxParticipants,
    connects: (fromId, toId) => fromId !== toId,
    iceServersFor(userId) {
      const stun = stunUrls.length > 0 ? [{ urls: [...stunUrls] }] : [];
      if (turnUrls.length === 0 || !turnSecret) return stun;
      return [...stun, { urls: [...turnUrls], ...turnCredentials(turnSecret, userId, clock.now() + turnTtlMs) }];
    },
  };
}
