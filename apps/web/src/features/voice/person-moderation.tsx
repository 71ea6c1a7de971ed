import { accessFacts } from "@miscord/client";
import type { User } from "@miscord/protocol";
import { can } from "@miscord/rights";
import { HeadphoneOff, Mic, MicOff, PhoneOff, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useClient, useClientState } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { useCan } from "../../core/use-can.ts";
import { Button } from "../../ui/button.tsx";
import { Select } from "../../ui/select.tsx";

interface PersonModerationProps {
  channelId: number;
  person: Pick<User, "id" | "display_name">;
}

/** What a moderator may do to a participant of a call: for everybody, as opposed to the volume on this device. */
export function PersonModeration({ channelId, person }: PersonModerationProps) {
  const { t } = useTranslation("voice");
  const { rest } = useClient();
  const { busy, run } = useAction();
  const serverId = useClientState((state) => state.channels[channelId]?.server_id ?? null);
  const member = useClientState((state) => state.voice[channelId]?.find(({ user }) => user.id === person.id));
  const isStage = useClientState((state) => state.channels[channelId]?.type === "stage");
  const mayMute = useCan(serverId, "muteMembers", channelId);
  const mayDeafen = useCan(serverId, "deafenMembers", channelId);
  const mayMove = useCan(serverId, "moveMembers", channelId);
  if (!member || !(mayMute || mayDeafen || mayMove)) return null;
  const { is_server_muted: isMuted, is_server_deafened: isDeafened } = member;
  return (
    <div role="group" aria-label={t("moderation.label")} className="mt-3 flex flex-col gap-2 border-t border-line pt-3">
      {mayMute && isStage && (
        <SpeakerButton channelId={channelId} userId={person.id} isSpeaker={!member.is_suppressed} />
      )}
      {mayMute && (
        <Button
          size="sm"
          aria-pressed={isMuted}
          disabled={busy}
          icon={<MicOff size={15} aria-hidden />}
          onClick={() => void run(() => rest.moderateVoice(channelId, person.id, { muted: !isMuted }))}
        >
          {isMuted ? t("moderation.unmute") : t("moderation.mute")}
        </Button>
      )}
      {mayDeafen && (
        <Button
          size="sm"
          aria-pressed={isDeafened}
          disabled={busy}
          icon={<HeadphoneOff size={15} aria-hidden />}
          onClick={() => void run(() => rest.moderateVoice(channelId, person.id, { deafened: !isDeafened }))}
        >
          {isDeafened ? t("moderation.undeafen") : t("moderation.deafen")}
        </Button>
      )}
      {mayMove && <Moves channelId={channelId} person={person} />}
    </div>
  );
}

function SpeakerButton({ channelId, userId, isSpeaker }: { channelId: number; userId: number; isSpeaker: boolean }) {
  const { t } = useTranslation("voice");
  const { rest } = useClient();
  const { busy, run } = useAction();
  return (
    <Button
      size="sm"
      variant={isSpeaker ? "secondary" : "primary"}
      disabled={busy}
      icon={isSpeaker ? <Users size={15} aria-hidden /> : <Mic size={15} aria-hidden />}
      onClick={() => void run(() => rest.setSpeaker(channelId, userId, !isSpeaker))}
    >
      {isSpeaker ? t("speakers.remove") : t("speakers.invite")}
    </Button>
  );
}

/** Moves the participant to another voice channel that the user may join, or out of the call. */
function Moves({ channelId, person }: PersonModerationProps) {
  const { t } = useTranslation("voice");
  const { rest } = useClient();
  const { busy, run } = useAction();
  const channels = useClientState(
    useShallow((state) => {
      const serverId = state.channels[channelId]?.server_id ?? null;
      return Object.values(state.channels).filter(({ id, type, server_id }) => {
        if ((type !== "voice" && type !== "stage") || server_id !== serverId) return false;
        const facts = accessFacts(state, serverId, id);
        return id === channelId || (facts !== null && can(facts, "connect"));
      });
    }),
  );
  return (
    <>
      {channels.length > 1 && (
        <Select
          label={t("moderation.move", { name: person.display_name })}
          value={String(channelId)}
          options={channels.map(({ id, name }) => ({
            value: String(id),
            label: id === channelId ? t("moderation.moveTo") : (name ?? ""),
          }))}
          disabled={busy}
          onChange={(to) => void run(() => rest.moderateVoice(channelId, person.id, { channel_id: Number(to) }))}
        />
      )}
      <Button
        size="sm"
        variant="danger"
        disabled={busy}
        icon={<PhoneOff size={15} aria-hidden />}
        onClick={() => void run(() => rest.disconnectFromVoice(channelId, person.id))}
      >
        {t("moderation.disconnect")}
      </Button>
    </>
  );
}
