import { LazyPart } from "../../core/lazy-part.tsx";
import { FormerCall } from "./former-call.tsx";
import { useCall } from "./use-call.ts";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";

/** Loaded with the first call. */
const VoicePanel = lazyWithTexts(async () => (await import("./voice-panel.tsx")).VoicePanel);

/** The user's current call, if any, above the user panel. */
export function CallDock() {
  const isInCall = useCall((state) => state.channelId !== null);
  if (!isInCall) return <FormerCall />;
  return (
    <LazyPart>
      <VoicePanel />
    </LazyPart>
  );
}
