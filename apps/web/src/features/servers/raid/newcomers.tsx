import { safetyCalls } from "@miscord/client";
import { limits } from "@miscord/protocol";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState, useMe } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { useCan } from "../../../core/use-can.ts";
import { Button } from "../../../ui/button.tsx";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { useToast } from "../../../ui/toast.tsx";

const deletedSeconds = 86_400;

/** Members without a role who joined lately, and their ban in one go. */
export function Newcomers({ serverId, withinMs }: { serverId: number; withinMs: number }) {
  const { t } = useTranslation("moderation");
  const client = useClient();
  const me = useMe();
  const toast = useToast();
  const { run } = useAction();
  const mayBan = useCan(serverId, "banMembers");
  const members = useClientState((state) => state.members[serverId]);
  // The raid goes on while the panel is open: not later than the first look.
  const [openedAt] = useState(() => Date.now());
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    client.findNewcomers(serverId, new Date(openedAt - withinMs)).catch(() => {});
  }, [client, serverId, openedAt, withinMs]);
  const found = useMemo(
    () =>
      Object.values(members ?? {})
        .filter(({ id, is_owner: isOwner, role_ids: roles }) => id !== me.id && !isOwner && roles.length === 0)
        .filter(({ joined_at: joinedAt }) => Date.parse(joinedAt) >= openedAt - withinMs)
        .slice(0, limits.bulkBan),
    [members, me.id, openedAt, withinMs],
  );
  if (!mayBan) return null;
  const count = found.length;
  const ban = () =>
    run(async () => {
      const user_ids = found.map(({ id }) => id);
      const answer = await safetyCalls(client.rest).banMembers(serverId, {
        user_ids,
        delete_message_seconds: deletedSeconds,
      });
      toast({ title: t("raid.banned", { count: answer.banned_users.length }), tone: "success" });
    });
  return (
    <div className="border-t border-line pt-3">
      <p className="text-sm">{t("raid.newcomers", { count })}</p>
      {count > 0 && (
        <>
          <p className="max-h-24 overflow-y-auto text-sm text-faint wrap-break-word">
            {found.map(({ username }) => `@${username}`).join(" ")}
          </p>
          <Button variant="danger" className="mt-2" onClick={() => setAsking(true)}>
            {t("raid.ban", { count })}
          </Button>
        </>
      )}
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        danger
        title={t("raid.ask", { count })}
        description={t("raid.askText")}
        confirmLabel={t("raid.ban", { count })}
        onConfirm={ban}
      />
    </div>
  );
}
