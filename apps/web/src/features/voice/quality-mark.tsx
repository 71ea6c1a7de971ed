import type { CallState, PeerQuality } from "@miscord/client";
import { SignalHigh, SignalLow, SignalMedium, SignalZero } from "lucide-react";

const icons = { good: SignalHigh, fair: SignalMedium, poor: SignalLow, unknown: SignalZero } as const;
const tones = { good: "text-success-ink", fair: "text-idle", poor: "text-danger-ink", unknown: "text-faint" } as const;

export type ShownQuality = PeerQuality | "unknown";

/** Hidden from screen readers, since the quality is named beside it. */
export function QualityMark({ quality, size = 18 }: { quality: ShownQuality; size?: number }) {
  const Icon = icons[quality];
  return <Icon size={size} aria-hidden className={`shrink-0 ${tones[quality]}`} />;
}

/** The worst quality of all connections of the call, which is the one that users notice. */
export function overallQuality({ status, participants, samples: ofUnit }: CallState): ShownQuality {
  if (status !== "connected") return "unknown";
  const unit = ofUnit.at(-1)?.quality;
  const qualities = Object.values(participants).map(({ connection, samples }): ShownQuality => {
    if (connection === "reconnecting") return "poor";
    return samples.at(-1)?.quality ?? unit ?? "unknown";
  });
  if (qualities.length === 0) return "good";
  return (["poor", "fair", "good"] as const).find((quality) => qualities.includes(quality)) ?? "unknown";
}
