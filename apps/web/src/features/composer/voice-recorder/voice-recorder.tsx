import { clockText } from "@miscord/protocol";
import { RotateCw, SendHorizontal, Trash2 } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { Button } from "../../../ui/button.tsx";
import { cx } from "../../../ui/cx.ts";
import { IconButton } from "../../../ui/icon-button.tsx";
import { addVoice } from "../change-uploads.ts";
import { uploadLimits } from "../uploads.ts";
import { LiveLevel } from "./live-level.tsx";
import type { Recording } from "./recording.ts";
import { type RecordingState, useRecording } from "./use-recording.ts";

interface VoiceRecorderProps {
  channelId: number;
  onEnd: () => void;
}

/** In place of the field while a voice message is recorded: its length, the level, and the ways to end it. */
export function VoiceRecorder({ channelId, onEnd }: VoiceRecorderProps) {
  const { t } = useTranslation("chat");
  const client = useClient();
  const { state, retry } = useRecording(uploadLimits(client).bytes);
  const [isSending, setSending] = useState(false);

  async function send(): Promise<void> {
    if (!("recording" in state) || isSending) return;
    setSending(true);
    const { file, voice } = await state.recording.stop();
    addVoice(client, channelId, file, voice);
    onEnd();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    onEnd();
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape cancels from each of its buttons
    <div
      role="group"
      aria-label={t("voice.recorder")}
      onKeyDown={onKeyDown}
      className="flex min-h-10.5 min-w-0 flex-1 items-center gap-2"
    >
      <IconButton label={t("voice.cancel")} icon={<Trash2 size={18} />} shortcut="Esc" onClick={onEnd} />
      {state.status === "problem" ? <Problem problem={state.problem} onRetry={retry} /> : <Progress state={state} />}
      {state.status !== "problem" && (
        <SendVoice isReady={"recording" in state && !isSending} onSend={() => void send()} />
      )}
    </div>
  );
}

/** Takes the focus, so that Enter sends and Escape cancels; a screen reader says then that the recording goes on. */
function SendVoice({ isReady, onSend }: { isReady: boolean; onSend: () => void }) {
  const { t } = useTranslation("chat");
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <IconButton
      ref={button}
      label={t("voice.send")}
      icon={<SendHorizontal size={20} />}
      className={cx(isReady ? "text-link!" : "text-faint!")}
      // Not disabled: that would lose the focus.
      aria-disabled={!isReady}
      shortcut="Enter"
      onClick={onSend}
    />
  );
}

function Progress({ state }: { state: Exclude<RecordingState, { status: "problem" }> }) {
  const { t } = useTranslation("chat");
  const isRunning = state.status === "recording";
  const note = state.status === "full" || state.status === "lost" ? t(`voice.${state.status}`) : null;
  return (
    <>
      <span
        aria-hidden
        className={cx("size-2.5 shrink-0 rounded-full", isRunning ? "animate-pulse bg-danger" : "bg-active")}
      />
      <Length recording={"recording" in state ? state.recording : null} isRunning={isRunning} />
      {note === null ? (
        <LiveLevel recording={isRunning ? state.recording : null} />
      ) : (
        <span className="min-w-0 flex-1 truncate text-sm text-muted" title={note}>
          {note}
        </span>
      )}
      <span role="status" className="sr-only">
        {note ?? (isRunning ? t("voice.recording") : t("voice.starting"))}
      </span>
    </>
  );
}

function Length({ recording, isRunning }: { recording: Recording | null; isRunning: boolean }) {
  const [lengthMs, setLengthMs] = useState(0);
  useEffect(() => {
    const show = () => setLengthMs(recording?.lengthMs ?? 0);
    show();
    if (!isRunning) return;
    const timer = setInterval(show, 200);
    return () => clearInterval(timer);
  }, [recording, isRunning]);
  return (
    <span role="timer" className="shrink-0 text-sm tabular-nums">
      {clockText(Math.floor(lengthMs / 1_000) * 1_000)}
    </span>
  );
}

function Problem({ problem, onRetry }: { problem: string; onRetry: () => void }) {
  const { t } = useTranslation("chat");
  return (
    <>
      <p role="alert" className="min-w-0 flex-1 py-1.5 text-sm text-danger-ink">
        {t(`voice.problem.${problem as "denied"}`)}
      </p>
      {problem !== "insecure" && (
        <Button size="sm" icon={<RotateCw size={14} aria-hidden />} onClick={onRetry}>
          {t("voice.retry")}
        </Button>
      )}
    </>
  );
}
