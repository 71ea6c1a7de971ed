import type { Quality } from "@miscord/client";
import { Wifi, WifiHigh, WifiLow, WifiOff } from "lucide-react";

const icons = { excellent: Wifi, good: WifiHigh, poor: WifiLow, disconnected: WifiOff } as const;
const tones = {
  excellent: "text-success-ink",
  good: "text-success-ink",
  poor: "text-idle",
  disconnected: "text-danger-ink",
} as const;

/** Hidden from screen readers: the quality is named beside the icon or in the button's name. */
export function QualityIcon({ quality, size = 18 }: { quality: Quality; size?: number }) {
  const Icon = icons[quality];
  return <Icon size={size} aria-hidden className={`shrink-0 ${tones[quality]}`} />;
}
