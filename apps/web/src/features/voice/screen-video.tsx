import { useEffect, useRef } from "react";

/** A video track. Its sound, if there is one, is played by the call's playback. */
export function ScreenVideo({ track, label }: { track: MediaStreamTrack; label: string }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    element.srcObject = new MediaStream([track]);
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  return <video ref={video} aria-label={label} autoPlay muted playsInline className="size-full object-contain" />;
}
