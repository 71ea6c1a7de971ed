import { Video, VideoOff } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../../ui/icon-button.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { useCall } from "../use-call.ts";
import { useVoiceMedia } from "../voice-media.ts";
import { turnCameraOff, turnCameraOn } from "./own-camera.ts";

/** Turns the camera on and off, and says why it is not on. */
export function CameraButton() {
  const { t } = useTranslation("voice");
  const isOn = useCall((state) => state.camera !== null);
  const isOpening = useVoiceMedia(({ camera }) => camera === "opening");
  const hasCameras = useCall((state) => state.hasCameras);
  const mayShow = useCall(({ restraint }) => !restraint.is_suppressed && !restraint.is_video_suppressed);
  useProblemToast();
  if (!hasCameras) return null;
  const label = mayShow ? (isOn ? t("camera.off") : t("camera.on")) : t("camera.forbidden");
  return (
    <IconButton
      label={label}
      title={mayShow ? undefined : label}
      pressed={isOn}
      disabled={!mayShow || isOpening}
      icon={isOn ? <Video size={18} className="text-online" /> : <VideoOff size={18} />}
      onClick={() => void (isOn ? turnCameraOff() : turnCameraOn())}
    />
  );
}

function useProblemToast() {
  const { t } = useTranslation("voice");
  const toast = useToast();
  const problem = useVoiceMedia(({ cameraProblem }) => cameraProblem);
  useEffect(() => {
    if (!problem) return;
    useVoiceMedia.setState({ cameraProblem: null });
    toast({ title: t("camera.failed"), description: t(`camera.problem.${problem}`), tone: "danger" });
  }, [problem, t, toast]);
}
