import { profileCalls } from "@miscord/client";
import type { InstanceAccount, Profile, ProfilePart } from "@miscord/protocol";
import { type ReactNode, useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { FailedPart } from "../../core/failed-part.tsx";
import { useAction } from "../../core/use-action.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { CustomStatusText } from "../profile/custom-status-text.tsx";

interface ClearProfileDialogProps {
  account: InstanceAccount;
  /** Called when something was taken away. */
  onChanged: () => void;
  onClose: () => void;
}

/** What somebody's profile shows, with a button to take away each part of it. */
export function ClearProfileDialog({ account, onChanged, onClose }: ClearProfileDialogProps) {
  const { t } = useTranslation(["profile", "common"]);
  const { rest } = useClient();
  const { busy, run } = useAction();
  const calls = profileCalls(rest);
  const { loaded, reload } = useLoaded(useCallback(() => profileCalls(rest).of(account.id), [rest, account.id]));
  const clear = (part: ProfilePart) =>
    run(async () => {
      await calls.clear(account.id, part);
      reload();
      onChanged();
    });
  const parts = loaded.value ? partsOf(loaded.value) : [];
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="md"
      title={t("clear.title", { name: account.display_name })}
      description={t("clear.hint")}
    >
      {loaded.status === "loading" && <Skeleton className="h-24 w-full" />}
      {loaded.status === "failed" && <FailedPart />}
      {loaded.status === "ready" && parts.length === 0 && <p className="text-sm text-muted">{t("clear.nothing")}</p>}
      <ul className="divide-y divide-line">
        {parts.map(([part, shown]) => (
          <li key={part} className="flex items-center gap-4 py-3">
            <div className="min-w-0 flex-1">
              <p className="text-sm font-medium">{t(`clear.${part}`)}</p>
              <div dir="auto" className="mt-1 text-sm text-muted whitespace-pre-wrap wrap-anywhere">
                {shown}
              </div>
            </div>
            <Button
              size="sm"
              busy={busy}
              aria-label={t("clear.removeOf", { what: t(`clear.${part}`) })}
              onClick={() => void clear(part)}
            >
              {t("clear.remove")}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** Texts as they were typed: here they are judged, not read. */
function partsOf({ user, banner_url, about, pronouns, custom_status: status }: Profile): [ProfilePart, ReactNode][] {
  const banner = banner_url && <img src={banner_url} alt="" className="w-48 max-w-full rounded-md" />;
  const parts: [ProfilePart, ReactNode][] = [
    ["picture", user.avatar_url && <Avatar user={user} size={72} />],
    ["banner", banner],
    ["about", about],
    ["pronouns", pronouns],
    ["status", status && <CustomStatusText status={status} />],
  ];
  return parts.filter(([, shown]) => Boolean(shown));
}
