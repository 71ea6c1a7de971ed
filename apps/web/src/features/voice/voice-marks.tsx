import type { VoiceState } from "@miscord/protocol";
import { HeadphoneOff, MicOff, ScreenShare, Video } from "lucide-react";
import { useTranslation } from "react-i18next";

type Marked = Pick<
  VoiceState,
  "is_muted" | "is_deafened" | "is_sharing" | "is_camera_on" | "is_server_muted" | "is_server_deafened"
>;

const icons = { sharing: ScreenShare, camera_on: Video, deafened: HeadphoneOff, muted: MicOff } as const;

/** Icons of a participant: muted, deafened, by themselves or by a moderator, sharing a screen, with the camera on. */
export function VoiceMarks({ of, size = 14 }: { of: Marked; size?: number }) {
  const { t } = useTranslation("voice");
  const marks = (["camera_on", "sharing", "deafened", "muted"] as const).filter((mark) => of[`is_${mark}`]);
  return marks.map((mark) => {
    const Icon = icons[mark];
    const shows = mark === "sharing" || mark === "camera_on";
    const byModerator = !shows && of[`is_server_${mark}`];
    const label = t(byModerator ? `mark.server_${mark}` : `mark.${mark}`);
    const tone = byModerator ? "text-danger-ink" : shows ? "text-link" : "text-faint";
    return (
      <span key={mark} role="img" aria-label={label} title={label} className="shrink-0">
        <Icon size={size} aria-hidden className={tone} />
      </span>
    );
  });
}
