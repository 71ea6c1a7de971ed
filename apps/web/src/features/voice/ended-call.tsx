import type { CallState, ClientState } from "@miscord/client";
import { closeCodes } from "@miscord/protocol";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useToast } from "../../ui/toast.tsx";
import { useCall } from "./use-call.ts";

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

/** Shows a toast with the reason when a call ends that the user did not leave. */
export function EndedCall() {
  const { t } = useTranslation("voice");
  const toast = useToast();
  const client = useClient();
  const ended = useCall((state) => state.ended);
  useEffect(() => {
    if (!ended || ended === announced) return;
    announced = ended;
    const reason = reasonOf(ended, client.store.getState());
    if (reason === null) return;
    toast({ title: t(`ended.${reason}`), tone: reason === "replaced" ? "info" : "danger" });
  }, [client, ended, t, toast]);
  return null;
}

/** Null: the user has ended a call of two by a block. */
function reasonOf({ channelId, code }: NonNullable<CallState["ended"]>, { dms, relationships }: ClientState) {
  const isRefused = code === closeCodes.forbidden && channelId in dms;
  if (!isRefused) return reasons[code] ?? "lost";
  return dms[channelId]!.recipients.some(({ id }) => relationships[id]?.kind === "blocked") ? null : "refused";
}
