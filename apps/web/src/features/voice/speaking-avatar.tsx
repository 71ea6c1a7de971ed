import { useTranslation } from "react-i18next";
import { Avatar, type AvatarProps } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";
import { useIsSpeaking } from "./use-call.ts";

interface SpeakingAvatarProps extends AvatarProps {
  channelId: number;
  userId: number;
}

/** An avatar with a ring while its user speaks. */
export function SpeakingAvatar({ channelId, userId, ...avatar }: SpeakingAvatarProps) {
  const { t } = useTranslation("voice");
  const isSpeaking = useIsSpeaking(channelId, userId);
  return (
    <span
      data-speaking={isSpeaking || undefined}
      className={cx(
        "inline-flex rounded-full outline-2 outline-offset-1 transition-[outline-color]",
        isSpeaking ? "outline-online" : "outline-transparent",
      )}
    >
      <Avatar {...avatar} />
      {isSpeaking && <VisuallyHidden>{t("mark.speaking")}</VisuallyHidden>}
    </span>
  );
}
