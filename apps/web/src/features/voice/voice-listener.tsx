import { useEffect } from "react";
import { useMe } from "../../core/client.ts";
import { LazyPart } from "../../core/lazy-part.tsx";
import { useRouteIds } from "../../core/route-ids.ts";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { usePhone } from "../../ui/use-media-query.ts";
import { FormerCall } from "./former-call.tsx";
import { useCall } from "./use-call.ts";
import { resumeVoice } from "./voice-actions.ts";
import { useVoiceMedia } from "./voice-media.ts";

const SoundProblem = lazyWithTexts(async () => (await import("./sound-problem.tsx")).SoundProblem);
const EndedCall = lazyWithTexts(async () => (await import("./ended-call.tsx")).EndedCall);

/**
 * Resumes the call of a page that was reloaded, and tells when a call has ended that the user did not leave. On a phone it also
 * shows the problems of a call, whose panel is on the call's page only.
 */
export function VoiceListener() {
  const hasEnded = useCall((state) => state.ended !== null);
  const userId = useMe().id;
  const isPhone = usePhone();
  const { channelId } = useRouteIds();
  const isOnCallPage = useCall((state) => state.channelId !== null && state.channelId === channelId);
  useEffect(() => void resumeVoice(userId), [userId]);
  return (
    <>
      {hasEnded && (
        <LazyPart failed={null}>
          <EndedCall />
        </LazyPart>
      )}
      {isPhone && !isOnCallPage && <PhoneStrip />}
    </>
  );
}

function PhoneStrip() {
  const hasSoundProblem = useVoiceMedia(({ sound }) => sound !== "on");
  return (
    <div className="fixed inset-x-3 top-14 z-40 [&>*]:m-0 [&>*]:bg-overlay [&>*]:shadow-overlay">
      {hasSoundProblem && (
        <LazyPart>
          <SoundProblem />
        </LazyPart>
      )}
      <FormerCall />
    </div>
  );
}
