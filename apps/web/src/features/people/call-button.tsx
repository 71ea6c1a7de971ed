import { Phone, PhoneCall } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { othersIn, useBlocked } from "../../core/people.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { useCall } from "../voice/use-call.ts";
import { joinVoice } from "../voice/voice-actions.ts";

/** Calls the people of a private channel, or joins their call. */
export function CallButton({ channelId }: { channelId: number }) {
  const { t } = useTranslation("people");
  const blocked = useBlocked();
  const isRequest = useClientState((state) => state.dms[channelId]?.isRequest);
  const isGroup = useClientState((state) => state.channels[channelId]?.type === "group");
  const other = useClientState((state) => othersIn(state, channelId)[0]);
  const isGoing = useClientState((state) => (state.voice[channelId] ?? []).length > 0);
  const isInside = useCall((state) => state.channelId === channelId);
  const isUnreachable = !other || (!isGroup && (other.is_deleted || blocked.has(other.id)));
  if (isInside || isRequest || isUnreachable) return null;
  return (
    <IconButton
      label={t(isGoing ? "call.join" : "call.start")}
      icon={isGoing ? <PhoneCall size={19} className="text-success-ink" /> : <Phone size={19} />}
      tooltipSide="bottom"
      onClick={() => void joinVoice(channelId, { rings: !isGoing })}
    />
  );
}
