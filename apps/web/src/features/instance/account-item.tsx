import { instanceAccountCalls } from "@miscord/client";
import type { InstanceAccount } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useFormat } from "../../i18n/format.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { ClearProfileDialog } from "./clear-profile-dialog.tsx";
import { useGuarded } from "../settings/security/use-guarded.ts";

interface AccountItemProps {
  account: InstanceAccount;
  /** Called when this administrator has changed the account. */
  onChanged: () => void;
}

export function AccountItem({ account, onChanged }: AccountItemProps) {
  const { t } = useTranslation("instance");
  const format = useFormat();
  const { display_name: name, username, disabled_at: disabledAt, last_seen_at: lastSeenAt } = account;
  const facts = [
    t("accounts.since", { date: format.shortDate(account.created_at) }),
    lastSeenAt && t("accounts.seen", { when: format.dateTime(lastSeenAt) }),
    t("accounts.servers", { count: account.servers }),
    t("accounts.sessions", { count: account.sessions }),
  ];
  return (
    <article aria-label={name} className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-2">
      <Avatar user={account} ground="overlay" />
      <div className="min-w-0 flex-1 basis-48">
        <p className="truncate text-sm font-medium">
          <bdi>{name}</bdi> <span className="font-normal text-faint">@{username}</span>
        </p>
        <p className="text-sm text-faint wrap-break-word">{facts.filter(Boolean).join(" · ")}</p>
        {disabledAt && (
          <p className="text-sm text-danger">{t("accounts.disabled", { date: format.date(disabledAt) })}</p>
        )}
      </div>
      {account.is_admin && !disabledAt ? (
        <span className="text-sm text-muted">{t("accounts.admin")}</span>
      ) : (
        <AccountActions account={account} onChanged={onChanged} />
      )}
    </article>
  );
}

function AccountActions({ account, onChanged }: AccountItemProps) {
  const { t } = useTranslation(["instance", "profile"]);
  const calls = instanceAccountCalls(useClient().rest);
  const { busy, run, question } = useGuarded();
  const [isAsking, setAsking] = useState(false);
  const [isClearing, setClearing] = useState(false);
  const { id, display_name: name } = account;
  const change = async (work: () => Promise<unknown>) => {
    const succeeded = await run(work);
    if (succeeded) onChanged();
    return succeeded;
  };
  return (
    <div className="flex flex-wrap gap-2">
      {account.sessions > 0 && (
        <Button
          size="sm"
          busy={busy}
          onClick={() => void change(() => calls.endSessionsOf(id))}
          aria-label={t("accounts.endSessionsOf", { name })}
        >
          {t("accounts.endSessions")}
        </Button>
      )}
      <Button size="sm" onClick={() => setClearing(true)} aria-label={t("profile:clear.openOf", { name })}>
        {t("profile:clear.open")}
      </Button>
      {isClearing && <ClearProfileDialog account={account} onChanged={onChanged} onClose={() => setClearing(false)} />}
      {account.disabled_at ? (
        <Button
          size="sm"
          busy={busy}
          onClick={() => void change(() => calls.enableAccount(id))}
          aria-label={t("accounts.enableOf", { name })}
        >
          {t("accounts.enable")}
        </Button>
      ) : (
        <Button size="sm" onClick={() => setAsking(true)} aria-label={t("accounts.disableOf", { name })}>
          {t("accounts.disable")}
        </Button>
      )}
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t("accounts.disableTitle", { name })}
        description={t("accounts.disableHint")}
        confirmLabel={t("accounts.disable")}
        danger
        onConfirm={() => change(() => calls.disableAccount(id))}
      />
      {question}
    </div>
  );
}
