import type { VoiceState } from "@miscord/protocol";
import { HeadphoneOff, MicOff, ScreenShare } from "lucide-react";
import { useTranslation } from "react-i18next";

type Marked = Pick<VoiceState, "is_muted" | "is_deafened" | "is_sharing">;

const icons = { sharing: ScreenShare, deafened: HeadphoneOff, muted: MicOff } as const;

/** Icons of a participant: muted, deafened, sharing a screen. */
export function VoiceMarks({ of, size = 14 }: { of: Marked; size?: number }) {
  const { t } = useTranslation("voice");
  const marks = (["sharing", "deafened", "muted"] as const).filter((mark) => of[`is_${mark}`]);
  return marks.map((mark) => {
    const Icon = icons[mark];
    return (
      <span key={mark} role="img" aria-label={t(`mark.${mark}`)} title={t(`mark.${mark}`)} className="shrink-0">
        <Icon size={size} aria-hidden className={mark === "sharing" ? "text-link" : "text-faint"} />
      </span>
    );
  });
}
