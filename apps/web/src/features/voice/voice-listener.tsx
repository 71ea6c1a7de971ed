import type { CallState, ClientState } from "@miscord/client";
import { closeCodes } from "@miscord/protocol";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useMe } from "../../core/client.ts";
import { useRouteIds } from "../../core/route-ids.ts";
import { useToast } from "../../ui/toast.tsx";
import { FormerCall } from "./former-call.tsx";
import { SoundProblem } from "./sound-problem.tsx";
import { useCall } from "./use-call.ts";
import { resumeVoice } from "./voice-actions.ts";
import { usePhone } from "../../ui/use-media-query.ts";

const reasons: Readonly<Record<number, "full" | "encrypted" | "replaced" | "removed" | "gone">> = {
  [closeCodes.voiceChannelFull]: "full",
  [closeCodes.encryptionRequired]: "encrypted",
  [closeCodes.replaced]: "replaced",
  [closeCodes.forbidden]: "removed",
  [closeCodes.notFound]: "gone",
};

/**
 * The end of a call that was already announced. Module state, since the component is mounted again after other pages
 * and a change of language.
 */
let announced: CallState["ended"] = null;

/**
 * Resumes the call of a page that was reloaded, and shows a toast with the reason when a call ends that the user did not
 * leave. On a phone it also shows the problems of a call, whose panel is on the call's page only.
 */
export function VoiceListener() {
  const { t } = useTranslation("voice");
  const toast = useToast();
  const client = useClient();
  const ended = useCall((state) => state.ended);
  const userId = useMe().id;
  const isPhone = usePhone();
  const { channelId } = useRouteIds();
  const isOnCallPage = useCall((state) => state.channelId !== null && state.channelId === channelId);
  useEffect(() => {
    if (!ended || ended === announced) return;
    announced = ended;
    const reason = reasonOf(ended, client.store.getState());
    if (reason === null) return;
    toast({ title: t(`ended.${reason}`), tone: reason === "replaced" ? "info" : "danger" });
  }, [client, ended, t, toast]);
  useEffect(() => void resumeVoice(userId), [userId]);
  return isPhone && !isOnCallPage ? <PhoneStrip /> : null;
}

/** Null: the user has ended a call of two by a block. */
function reasonOf({ channelId, code }: NonNullable<CallState["ended"]>, { dms, relationships }: ClientState) {
  const isRefused = code === closeCodes.forbidden && channelId in dms;
  if (!isRefused) return reasons[code] ?? "lost";
  return dms[channelId]!.recipients.some(({ id }) => relationships[id]?.kind === "blocked") ? null : "refused";
}

function PhoneStrip() {
  return (
    <div className="fixed inset-x-3 top-14 z-40 [&>*]:m-0 [&>*]:bg-overlay [&>*]:shadow-overlay">
      <SoundProblem />
      <FormerCall />
    </div>
  );
}
