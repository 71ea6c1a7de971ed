import type { VoiceMember } from "@miscord/client";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { usePersonIn } from "../../core/people.ts";
import { PersonPopover } from "./person-popover.tsx";
import { SpeakingAvatar } from "./speaking-avatar.tsx";
import { VoiceMarks } from "./voice-marks.tsx";

const nobody: readonly VoiceMember[] = [];

/** The participants of a voice channel, below its row in the channel list. */
export function VoicePeople({ channelId }: { channelId: number }) {
  const { t } = useTranslation("voice");
  const members = useClientState((state) => state.voice[channelId] ?? nobody);
  if (members.length === 0) return null;
  return (
    <ul aria-label={t("channels.people", { count: members.length })} className="mb-1 ml-6 flex flex-col gap-px">
      {members.map((member) => (
        <li key={member.user.id}>
          <Person channelId={channelId} member={member} />
        </li>
      ))}
    </ul>
  );
}

function Person({ channelId, member }: { channelId: number; member: VoiceMember }) {
  const user = usePersonIn(channelId, member.user);
  const content = (
    <>
      <SpeakingAvatar channelId={channelId} userId={user.id} user={user} size={24} ground="sunken" />
      <span dir="auto" className="min-w-0 flex-1 truncate text-left">
        {user.display_name}
      </span>
      <VoiceMarks of={member} />
    </>
  );
  const row = "flex h-9 w-full items-center gap-2 rounded-md px-2 text-sm text-muted md:h-8";
  return (
    <PersonPopover
      channelId={channelId}
      person={user}
      trigger={
        <button type="button" className={`${row} focus-inset transition-colors hover:bg-hover hover:text-ink`}>
          {content}
        </button>
      }
    />
  );
}
