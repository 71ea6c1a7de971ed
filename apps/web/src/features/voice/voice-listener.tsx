import type { CallState } from "@miscord/client";
import { closeCodes } from "@miscord/protocol";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useToast } from "../../ui/toast.tsx";
import { useCall } from "./use-call.ts";

const reasons: Readonly<Record<number, "full" | "replaced" | "removed" | "gone">> = {
  [closeCodes.voiceChannelFull]: "full",
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
export function VoiceListener() {
  const { t } = useTranslation("voice");
  const toast = useToast();
  const ended = useCall((state) => state.ended);
  useEffect(() => {
    if (!ended || ended === announced) return;
    announced = ended;
    const reason = reasons[ended.code] ?? "lost";
    toast({ title: t(`ended.${reason}`), tone: reason === "replaced" ? "info" : "danger" });
  }, [ended, t, toast]);
  return null;
}
