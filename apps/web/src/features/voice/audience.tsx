import type { VoiceMember } from "@miscord/client";
import { Hand } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClient, useMe } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { useCan } from "../../core/use-can.ts";
import { Button } from "../../ui/button.tsx";
import { usePersonIn } from "../../core/people.ts";
import { PersonPopover } from "./person-popover.tsx";
import { SpeakingAvatar } from "./speaking-avatar.tsx";
import { useCall } from "./use-call.ts";

interface AudienceProps {
  serverId: number;
  channelId: number;
  /** All participants of the stage. */
  members: readonly VoiceMember[];
}

/** Those who listen to a stage, below the speakers; who asks to speak comes first. */
export function Audience({ serverId, channelId, members }: AudienceProps) {
  const { t } = useTranslation("voice");
  const listeners = members.filter(({ is_suppressed }) => is_suppressed);
  const inOrder = listeners.toSorted((one, other) => Number(other.is_hand_raised) - Number(one.is_hand_raised));
  const isInside = useCall((state) => state.channelId === channelId);
  return (
    <section aria-label={t("speakers.audience")} className="max-h-2/5 overflow-y-auto border-t border-line pt-3">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-sm font-semibold">
          {t("speakers.audience")} <span className="font-normal text-muted">{listeners.length}</span>
        </h2>
        {isInside && <OwnPart serverId={serverId} channelId={channelId} members={members} />}
      </div>
      <ul className="flex flex-wrap gap-1">
        {inOrder.map((member) => (
          <li key={member.user.id}>
            <Listener channelId={channelId} member={member} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Listener({ channelId, member }: { channelId: number; member: VoiceMember }) {
  const { t } = useTranslation("voice");
  const user = usePersonIn(channelId, member.user);
  const { is_hand_raised: isRaised } = member;
  return (
    <PersonPopover
      channelId={channelId}
      person={user}
      trigger={
        <button
          type="button"
          className="flex h-11 items-center gap-2 rounded-md px-2 text-sm transition-colors hover:bg-hover md:h-9"
        >
          <SpeakingAvatar channelId={channelId} userId={user.id} user={user} size={24} />
          <span dir="auto" className="max-w-40 truncate">
            {user.display_name}
          </span>
          {isRaised && (
            <span role="img" aria-label={t("speakers.raised")} title={t("speakers.raised")}>
              <Hand size={15} aria-hidden className="text-link" />
            </span>
          )}
        </button>
      }
    />
  );
}

/** What the user may do on the stage: ask to speak, speak as a moderator, or step down. */
function OwnPart({ serverId, channelId, members }: AudienceProps) {
  const { t } = useTranslation("voice");
  const { rest, voice } = useClient();
  const { busy, run } = useAction();
  const me = useMe();
  const own = members.find(({ user }) => user.id === me.id);
  const mayInvite = useCan(serverId, "muteMembers", channelId);
  const maySpeak = useCan(serverId, "speak", channelId);
  if (!own || !maySpeak) return null;
  if (!own.is_suppressed || mayInvite) {
    return (
      <Button
        size="sm"
        disabled={busy}
        onClick={() => void run(() => rest.setSpeaker(channelId, me.id, own.is_suppressed))}
      >
        {own.is_suppressed ? t("speakers.speak") : t("speakers.stepDown")}
      </Button>
    );
  }
  return (
    <Button
      size="sm"
      aria-pressed={own.is_hand_raised}
      icon={<Hand size={15} aria-hidden />}
      onClick={() => voice.raiseHand(!own.is_hand_raised)}
    >
      {own.is_hand_raised ? t("speakers.lower") : t("speakers.raise")}
    </Button>
  );
}
