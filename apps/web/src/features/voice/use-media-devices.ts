import { useEffect, useState } from "react";
import { useVoiceMedia } from "./voice-media.ts";

export interface MediaDevice {
  id: string;
  /** Empty until the microphone was allowed. */
  label: string;
}

/** Microphones or loudspeakers, as they are plugged in. */
export function useMediaDevices(kind: "audioinput" | "audiooutput"): readonly MediaDevice[] {
  const [devices, setDevices] = useState<readonly MediaDevice[]>([]);
  // Names appear with the permission.
  const microphone = useVoiceMedia((media) => media.microphone);
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
  }, [kind, microphone]);
  return devices;
}

function toDevice({ deviceId: id, label }: MediaDeviceInfo): MediaDevice {
  return { id, label };
}

/** Chromium lists the system's choice a second time under these names. */
function isReal({ deviceId }: MediaDeviceInfo): boolean {
  return deviceId !== "" && deviceId !== "default" && deviceId !== "communications";
}
