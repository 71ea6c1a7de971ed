import type { Report } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { useCan } from "../../core/use-can.ts";
import { Button } from "../../ui/button.tsx";
import { useToast } from "../../ui/toast.tsx";
import { RemoveMemberDialog } from "../members/remove-member-dialog.tsx";
import { TimeOutDialog } from "../members/time-out-dialog.tsx";
import { useRemovals } from "../members/use-removals.ts";

/** What can be done about the reported message and its author, without leaving the queue. */
export function ReportActions({ report: { server_id: serverId, user, message } }: { report: Report }) {
  const { t } = useTranslation(["moderation", "servers"]);
  const [open, setOpen] = useState<"time-out" | "ban" | null>(null);
  const { canBan, canTimeOut } = useRemovals(serverId ?? 0, user);
  if (serverId === null) return null;
  return (
    <>
      {message && <DeleteButton serverId={serverId} channelId={message.channel_id} messageId={message.id} />}
      {canTimeOut && (
        <Button size="sm" onClick={() => setOpen("time-out")}>
          {t("timeOut.submit")}
        </Button>
      )}
      {canBan && (
        <Button size="sm" onClick={() => setOpen("ban")}>
          {t("servers:removal.ban.submit")}
        </Button>
      )}
      {open === "time-out" && <TimeOutDialog serverId={serverId} member={user} onClose={() => setOpen(null)} />}
      {open === "ban" && (
        <RemoveMemberDialog serverId={serverId} member={user} removal="ban" onClose={() => setOpen(null)} />
      )}
    </>
  );
}

function DeleteButton({ serverId, channelId, messageId }: { serverId: number; channelId: number; messageId: number }) {
  const { t } = useTranslation("moderation");
  const client = useClient();
  const toast = useToast();
  const { busy, run } = useAction();
  const mayDelete = useCan(serverId, "manageMessages", channelId);
  if (!mayDelete) return null;
  const remove = async () => {
    if (await run(() => client.deleteMessage(messageId))) toast({ title: t("reports.deleted"), tone: "success" });
  };
  return (
    <Button size="sm" busy={busy} onClick={() => void remove()}>
      {t("reports.delete")}
    </Button>
  );
}
