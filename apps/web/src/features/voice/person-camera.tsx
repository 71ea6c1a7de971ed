import type { User } from "@miscord/protocol";
import { Eye, EyeOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { useCall } from "./use-call.ts";
import { setCameraHidden, useVoiceSettings } from "./voice-settings.ts";

/** Hides the camera of a participant on this device, or shows it again. */
export function PersonCamera({ person }: { person: Pick<User, "id"> }) {
  const { t } = useTranslation("voice");
  const isOn = useCall((state) => state.participants[person.id]?.is_camera_on ?? false);
  const isHidden = useVoiceSettings(({ hiddenCameras }) => hiddenCameras.includes(person.id));
  if (!isOn && !isHidden) return null;
  return (
    <Button
      size="sm"
      className="mt-2 w-full"
      aria-pressed={isHidden}
      icon={isHidden ? <Eye size={15} aria-hidden /> : <EyeOff size={15} aria-hidden />}
      onClick={() => setCameraHidden(person.id, !isHidden)}
    >
      {isHidden ? t("camera.show") : t("camera.hide")}
    </Button>
  );
}
