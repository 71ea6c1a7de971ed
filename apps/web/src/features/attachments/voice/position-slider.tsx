import { clockText, type VoiceMessage } from "@miscord/protocol";
import { type KeyboardEvent, type PointerEvent, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { barsOf } from "./bars.ts";

interface PositionSliderProps {
  voice: VoiceMessage;
  positionMs: number;
  onSeek: (positionMs: number) => void;
}

/** Width of a bar with its gap, in the drawing's own unit. */
const barWidth = 4;
const height = 32;

/** The wave form, on which a press or a key moves the position. */
export function PositionSlider({ voice, positionMs, onSeek }: PositionSliderProps) {
  const { t } = useTranslation("chat");
  const { duration_ms: totalMs, waveform } = voice;
  const drawing = useMemo(() => pathOf(waveform), [waveform]);
  const percent = (100 * Math.min(positionMs, totalMs)) / totalMs;

  function onKeyDown(event: KeyboardEvent): void {
    const to = keyTarget(event.key, positionMs, totalMs);
    if (to === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    onSeek(to);
  }

  function follow({ currentTarget, clientX }: PointerEvent<HTMLElement>): void {
    const { left, width } = currentTarget.getBoundingClientRect();
    onSeek(((clientX - left) / width) * totalMs);
  }

  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t("voice.position")}
      aria-valuemin={0}
      aria-valuemax={Math.round(totalMs / 1_000)}
      aria-valuenow={Math.round(positionMs / 1_000)}
      aria-valuetext={t("voice.of", { elapsed: clockText(positionMs), total: clockText(totalMs) })}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        follow(event);
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && follow(event)}
      className="relative h-10 min-w-0 flex-1 cursor-pointer touch-pan-y rounded-sm py-1 select-none"
    >
      <Wave drawing={drawing} className="text-faint opacity-60" />
      <Wave drawing={drawing} className="absolute inset-x-0 top-1 text-mark" clip={percent} />
    </div>
  );
}

function keyTarget(key: string, positionMs: number, totalMs: number): number | null {
  const stepMs = Math.max(1_000, totalMs / 20);
  if (key === "ArrowRight") return positionMs + stepMs;
  if (key === "ArrowLeft") return positionMs - stepMs;
  if (key === "Home") return 0;
  return key === "End" ? totalMs : null;
}

interface WaveProps {
  drawing: { path: string; width: number };
  className: string;
  /** Percent from the left that is shown; absent: all. */
  clip?: number;
}

function Wave({ drawing: { path, width }, className, clip = 100 }: WaveProps) {
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className={`block h-8 w-full ${className}`}
      style={{ clipPath: `inset(0 ${100 - clip}% 0 0)` }}
    >
      <path d={path} fill="currentColor" />
    </svg>
  );
}

function pathOf(waveform: string): WaveProps["drawing"] {
  const bars = barsOf(waveform);
  const path = bars.map((loudness, index) => {
    const bar = Math.max(2, Math.round(loudness * height));
    return `M${index * barWidth} ${(height - bar) / 2}h2.5v${bar}h-2.5z`;
  });
  return { path: path.join(""), width: bars.length * barWidth };
}
