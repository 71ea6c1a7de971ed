import type { VoiceMember } from "@miscord/client";
import { useTranslation } from "react-i18next";
import { useMe } from "../../core/client.ts";
import { PersonPopover } from "./person-popover.tsx";
import { QualityMark } from "./quality-mark.tsx";
import { SpeakingAvatar } from "./speaking-avatar.tsx";
import { useCall } from "./use-call.ts";
import { VoiceMarks } from "./voice-marks.tsx";

/** A participant on the stage. A click opens the participant's volume. */
export function PersonTile({ channelId, member }: { channelId: number; member: VoiceMember }) {
  const me = useMe();
  const { user } = member;
  const isMe = user.id === me.id;
  const tile = "flex size-full flex-col items-center justify-center rounded-lg bg-raised px-4 py-5";
  const content = (
    <>
      <SpeakingAvatar channelId={channelId} userId={user.id} user={user} size={72} />
      <span className="mt-3 flex max-w-full items-center gap-1.5">
        {!isMe && <PoorConnection userId={user.id} />}
        <span dir="auto" className="truncate font-medium">
          {user.display_name}
        </span>
        <VoiceMarks of={member} size={15} />
      </span>
      <Remark userId={user.id} isMe={isMe} />
    </>
  );
  if (isMe) return <div className={tile}>{content}</div>;
  return (
    <PersonPopover
      person={user}
      trigger={
        <button type="button" className={`${tile} transition-colors hover:bg-active`}>
          {content}
        </button>
      }
    />
  );
}

function PoorConnection({ userId }: { userId: number }) {
  const quality = useCall((state) => state.participants[userId]?.samples.at(-1)?.quality);
  return quality && quality !== "good" ? <QualityMark quality={quality} size={15} /> : null;
}

function Remark({ userId, isMe }: { userId: number; isMe: boolean }) {
  const { t } = useTranslation("voice");
  const remark = useCall(({ participants }) => {
    const participant = participants[userId];
    if (!participant || participant.connection === "connected") return null;
    return participant.connection === "reconnecting" ? "away" : "connecting";
  });
  const text = isMe ? t("stage.you") : remark && t(`stage.${remark}`);
  // The line is rendered even when empty, so that all avatars are at the same height.
  return <span className="mt-0.5 h-4 text-xs text-faint">{text}</span>;
}
