import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { useVoiceMedia } from "./voice-media.ts";

const Banner = lazyWithTexts(async () => (await import("./former-call-banner.tsx")).FormerCallBanner);

/** Offers the way back into the call that a reload has ended. */
export function FormerCall() {
  const hasFormer = useVoiceMedia(({ formerCall }) => formerCall !== null);
  if (!hasFormer) return null;
  return (
    <LazyPart>
      <Banner />
    </LazyPart>
  );
}
