import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { AlertBanner } from "../../../ui/alert-banner.tsx";
import { Button } from "../../../ui/button.tsx";
import { Field } from "../../../ui/field.tsx";
import type { CameraProblem } from "../camera/camera-problem.ts";
import { openCamera } from "../camera/open-camera.ts";
import { changeCamera } from "../camera/own-camera.ts";
import { ScreenVideo } from "../screen-video.tsx";
import { useCall } from "../use-call.ts";
import { useMediaDevices } from "../use-media-devices.ts";
import { useVoiceMedia } from "../voice-media.ts";
import { useVoiceSettings } from "../voice-settings.ts";
import { DeviceSelect } from "./device-select.tsx";

/** Which camera to use, and what it shows, before anybody else sees it. */
export function CameraSettings() {
  const { t } = useTranslation("voice");
  const cameras = useMediaDevices("videoinput");
  const cameraId = useVoiceSettings((settings) => settings.cameraId);
  const isOn = useCall((state) => state.camera !== null);
  const areNamesHidden = cameras.every(({ label }) => label === "");
  return (
    <PanelSection title={t("settings.camera")} hint={!isOn && t("settings.cameraHint")}>
      <Field label={t("settings.cameraDevice")} hint={areNamesHidden && t("settings.cameraNamesHidden")}>
        <DeviceSelect devices={cameras} value={cameraId} onChange={(id) => void changeCamera(id)} />
      </Field>
      <Preview key={cameraId} cameraId={cameraId} />
    </PanelSection>
  );
}

function Preview({ cameraId }: { cameraId: string }) {
  const { t } = useTranslation("voice");
  const inCall = useCall((state) => state.camera);
  const [isWanted, setWanted] = useState(false);
  const opened = usePreview(cameraId, isWanted && !inCall);
  const track = inCall ?? (typeof opened === "string" ? null : opened);
  return (
    <div className="mt-4 flex flex-col items-start gap-3">
      {track && (
        <div className="aspect-video w-full max-w-md overflow-hidden rounded-lg bg-sunken">
          <ScreenVideo track={track} label={t("camera.mine")} fills isMirrored />
        </div>
      )}
      {isWanted && typeof opened === "string" && (
        <AlertBanner tone="danger">{t(`camera.problem.${opened}`)}</AlertBanner>
      )}
      {!inCall && (
        <Button onClick={() => setWanted(!isWanted)}>
          {isWanted ? t("settings.cameraTestStop") : t("settings.cameraTest")}
        </Button>
      )}
    </div>
  );
}

/** The open camera while it is wanted, or why there is none; null before the browser has answered. */
function usePreview(cameraId: string, isWanted: boolean): MediaStreamTrack | CameraProblem | null {
  const [opened, setOpened] = useState<MediaStreamTrack | CameraProblem | null>(null);
  useEffect(() => {
    if (!isWanted) return undefined;
    let isOver = false;
    let track: MediaStreamTrack | null = null;
    const open = async () => {
      const result = await openCamera(cameraId);
      track = typeof result === "string" ? null : result;
      if (isOver) return track?.stop();
      if (track) useVoiceMedia.setState({ isCameraAllowed: true });
      setOpened(result);
    };
    void open();
    return () => {
      isOver = true;
      track?.stop();
      setOpened(null);
    };
  }, [cameraId, isWanted]);
  return opened;
}
