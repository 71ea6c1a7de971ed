import { useTranslation } from "react-i18next";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { voiceEngine } from "./voice-actions.ts";
import { useVoiceMedia } from "./voice-media.ts";

/** Says that the browser or the system holds the sound back, with a button that starts it. */
export function SoundProblem() {
  const { t } = useTranslation("voice");
  const sound = useVoiceMedia((media) => media.sound);
  if (sound === "on") return null;
  return (
    <AlertBanner tone="danger" className="mb-2 flex-wrap">
      {sound === "blocked" ? t("panel.blocked") : t("panel.interrupted")}
      <Button
        size="sm"
        className="mt-2 w-full"
        onClick={() => void voiceEngine().then((engine) => engine.unblockSound())}
      >
        {t("panel.play")}
      </Button>
    </AlertBanner>
  );
}
