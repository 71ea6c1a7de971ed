import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { joinVoice } from "./voice-actions.ts";
import { useVoiceMedia } from "./voice-media.ts";

/** Offers the way back into the call that a reload has ended. */
export function FormerCallBanner() {
  const { t } = useTranslation("voice");
  const channelId = useVoiceMedia(({ formerCall }) => formerCall);
  const channel = useClientState((state) => (channelId === null ? undefined : state.channels[channelId]));
  if (!channel) return null;
  return (
    <AlertBanner className="m-2 flex-wrap">
      {t("panel.former", { channel: channel.name })}
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
