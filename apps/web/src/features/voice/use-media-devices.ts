import { useEffect, useState } from "react";
import { useVoiceMedia } from "./voice-media.ts";

export interface MediaDevice {
  id: string;
  /** Empty until the permission is granted. */
  label: string;
}

/** The connected microphones, loudspeakers or cameras. */
export function useMediaDevices(kind: MediaDeviceKind): readonly MediaDevice[] {
  const [devices, setDevices] = useState<readonly MediaDevice[]>([]);
  // Browsers reveal device names with the permission, so the list is read again when it is granted.
  const microphone = useVoiceMedia((media) => media.microphone);
  const isCameraAllowed = useVoiceMedia((media) => media.isCameraAllowed);
  useEffect(() => {
    const media = globalThis.isSecureContext ? navigator.mediaDevices : undefined;
    if (!media) return undefined;
    let isCurrent = true;
    const load = () =>
      void media.enumerateDevices().then(
        (all) => isCurrent && setDevices(all.filter((device) => device.kind === kind && isReal(device)).map(toDevice)),
        () => {},
      );
    load();
    media.addEventListener("devicechange", load);
    return () => {
      isCurrent = false;
      media.removeEventListener("devicechange", load);
    };
  }, [kind, microphone, isCameraAllowed]);
  return devices;
}

function toDevice({ deviceId: id, label }: MediaDeviceInfo): MediaDevice {
  return { id, label };
}

/** False for the entries under which Chromium lists the system's default device a second time. */
function isReal({ deviceId }: MediaDeviceInfo): boolean {
  return deviceId !== "" && deviceId !== "default" && deviceId !== "communications";
}
