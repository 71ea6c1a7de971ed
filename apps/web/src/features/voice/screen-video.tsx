import { useEffect, useRef } from "react";

interface ScreenVideoProps {
  track: MediaStreamTrack;
  label: string;
  /** The picture fills its place, and what does not fit is cut off. */
  fills?: boolean;
  /** As in a mirror, which is how people know their own face. */
  isMirrored?: boolean;
}

/** A video track. The sound of a screen, if there is one, is played by the call's playback. */
export function ScreenVideo({ track, label, fills = false, isMirrored = false }: ScreenVideoProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    element.srcObject = new MediaStream([track]);
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  const fit = fills ? "object-cover [:fullscreen_&]:object-contain" : "object-contain";
  return (
    <video
      ref={video}
      aria-label={label}
      autoPlay
      muted
      playsInline
      className={`size-full ${fit} ${isMirrored ? "-scale-x-100" : ""}`}
    />
  );
}
