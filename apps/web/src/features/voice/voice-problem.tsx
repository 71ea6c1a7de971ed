import { useTranslation } from "react-i18next";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { SoundProblem } from "./sound-problem.tsx";
import { voiceEngine } from "./voice-actions.ts";
import { useVoiceMedia } from "./voice-media.ts";

/** Explains why the microphone or the sound does not work, and what to do about it. */
export function VoiceProblem() {
  const { t } = useTranslation("voice");
  const problem = useVoiceMedia((media) => media.problem);
  return (
    <>
      <SoundProblem />
      {problem && (
        <AlertBanner tone="danger" className="mb-2 items-start">
          {t(`problem.${problem}`)}
          {problem !== "insecure" && (
            <Button
              size="sm"
              className="mt-2 w-full"
              onClick={() => void voiceEngine().then((engine) => engine.retryMicrophone())}
            >
              {t("panel.retry")}
            </Button>
          )}
        </AlertBanner>
      )}
    </>
  );
}
