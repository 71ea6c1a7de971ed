import { clockText, type VoiceMessage } from "@miscord/protocol";
import { LoaderCircle, Pause, Play } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../../i18n/format.ts";
import { FileCard } from "../file-card.tsx";
import { seek, setSpeed, speeds, toggle, usePlayback } from "./playback.ts";
import { PositionSlider } from "./position-slider.tsx";

/** Plays a voice message. Its height is that of an audio file's card, so that nothing moves when it is loaded. */
export function VoicePlayer({ voice }: { voice: VoiceMessage }) {
  const { t } = useTranslation("chat");
  const status = usePlayback((playback) => (playback.id === voice.id ? playback.status : "paused"));
  const positionMs = usePlayback((playback) => (playback.id === voice.id ? playback.positionMs : 0));
  if (status === "broken") return <FileCard attachment={voice} note={t("voice.broken")} />;
  const isPlaying = status !== "paused";
  const shownMs = isPlaying || positionMs > 0 ? Math.floor(positionMs / 1_000) * 1_000 : voice.duration_ms;
  return (
    <div
      role="group"
      aria-label={t("voiceMessage", { length: clockText(voice.duration_ms) })}
      className="flex h-15 w-90 max-w-full items-center gap-2 rounded-md border border-line bg-raised px-2"
    >
      <button
        type="button"
        aria-label={t(isPlaying ? "voice.pause" : "voice.play")}
        onClick={() => toggle(voice)}
        className="flex size-10 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent transition-colors hover:bg-accent-hover"
      >
        <PlayIcon status={status} />
      </button>
      <PositionSlider voice={voice} positionMs={positionMs} onSeek={(to) => seek(voice, to)} />
      <span aria-hidden className="w-9 shrink-0 text-right text-xs text-muted tabular-nums">
        {clockText(shownMs)}
      </span>
      <SpeedButton />
    </div>
  );
}

function PlayIcon({ status }: { status: "paused" | "loading" | "playing" }) {
  if (status === "playing") return <Pause size={18} fill="currentColor" aria-hidden />;
  if (status === "loading") return <LoaderCircle size={18} aria-hidden className="animate-spin" />;
  return <Play size={18} fill="currentColor" aria-hidden className="translate-x-px" />;
}

/** Of all voice messages, kept in this browser. */
function SpeedButton() {
  const { t } = useTranslation("chat");
  const format = useFormat();
  const speed = usePlayback((playback) => playback.speed);
  const next = speeds[(speeds.indexOf(speed) + 1) % speeds.length]!;
  const shown = format.number(speed);
  return (
    <button
      type="button"
      aria-label={t("voice.speed", { speed: shown })}
      onClick={() => setSpeed(next)}
      className="h-7 w-11 shrink-0 rounded-full bg-active text-xs font-medium tabular-nums hover:bg-hover"
    >
      {shown}×
    </button>
  );
}
