import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { dmName } from "../../core/people.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { joinVoice } from "./voice-actions.ts";
import { useVoiceMedia } from "./voice-media.ts";

/** Offers the way back into the call that a reload has ended. */
export function FormerCallBanner() {
  const { t } = useTranslation("voice");
  const channelId = useVoiceMedia(({ formerCall }) => formerCall) ?? 0;
  const channel = useClientState((state) => state.channels[channelId]);
  const name = useClientState((state) => (channelId in state.dms ? dmName(state, channelId) : (channel?.name ?? "")));
  if (!channel) return null;
  return (
    <AlertBanner className="m-2 flex-wrap">
      {t("panel.former", { channel: name })}
      <div className="mt-2 flex gap-2">
        <Button size="sm" variant="primary" className="flex-1" onClick={() => void joinVoice(channel.id)}>
          {t("panel.rejoin")}
        </Button>
        <Button size="sm" onClick={() => useVoiceMedia.setState({ formerCall: null })}>
          {t("panel.decline")}
        </Button>
      </div>
    </AlertBanner>
  );
}
