import { Mic } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAction } from "../../../core/use-action.ts";
import { useCan } from "../../../core/use-can.ts";
import { IconButton } from "../../../ui/icon-button.tsx";
import { recordingType } from "./recording-type.ts";

interface VoiceButtonProps {
  serverId: number | null;
  channelId: number;
  /** Gets what records a voice message, and null when that has ended. */
  onRecorder: (recorder: ReactNode) => void;
  /** Shown to those who cannot record here. */
  otherwise: ReactNode;
}

const load = () => import("./voice-recorder.tsx");

/** Starts a voice message. The recorder is loaded before it takes the place of the field, at the press at the latest. */
export function VoiceButton({ serverId, channelId, onRecorder, otherwise }: VoiceButtonProps) {
  const { t } = useTranslation("chat");
  const { busy, run } = useAction();
  const canAttach = useCan(serverId, "attachFiles", channelId);
  if (!canAttach || !recordingType()) return otherwise;

  async function record(): Promise<void> {
    const { VoiceRecorder } = await load();
    onRecorder(<VoiceRecorder channelId={channelId} onEnd={() => onRecorder(null)} />);
  }

  return (
    <IconButton
      label={t("voice.record")}
      icon={<Mic size={20} />}
      className="my-0.5"
      aria-busy={busy}
      onPointerEnter={() => void load().catch(() => {})}
      onClick={() => void run(record)}
    />
  );
}
