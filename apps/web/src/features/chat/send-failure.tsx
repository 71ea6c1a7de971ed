import type { OutgoingMessage } from "@miscord/client";
import { CircleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { Button } from "../../ui/button.tsx";
import { backToDraft } from "../composer/drafts.ts";

/** Why a message was not sent, and what can be done about it. */
export function SendFailure({ outgoing }: { outgoing: OutgoingMessage }) {
  const { t } = useTranslation(["chat", "common"]);
  const client = useClient();
  const { channelId, nonce, error } = outgoing;
  const isBlocked = error?.code === "automod_blocked";
  return (
    <div role="alert" className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-danger-ink">
      <CircleAlert size={15} aria-hidden className="shrink-0" />
      <span className="max-w-[90%]">
        {t("message.failed")} {isBlocked ? error.message : error && t(`common:error.${error.code}`)}
      </span>
      <Button size="sm" onClick={() => (isBlocked ? backToDraft(outgoing) : client.retryMessage(channelId, nonce))}>
        {t(isBlocked ? "action.edit" : "message.retry")}
      </Button>
      <Button size="sm" variant="ghost" onClick={() => client.discardMessage(channelId, nonce)}>
        {t("message.discard")}
      </Button>
    </div>
  );
}
