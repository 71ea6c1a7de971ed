import { lazy } from "react";
import { LazyPart } from "../../core/lazy-part.tsx";
import { useCall } from "./use-call.ts";

/** Loads with the first call. */
const VoicePanel = lazy(async () => ({ default: (await import("./voice-panel.tsx")).VoicePanel }));

/** The call that one is in, if any, above oneself at the bottom of the channels. */
export function CallDock() {
  const isInCall = useCall((state) => state.channelId !== null);
  return (
    isInCall && (
      <LazyPart>
        <VoicePanel />
      </LazyPart>
    )
  );
}
