import { authorClaimCalls } from "@miscord/client";
import type { AuthorClaim, Message } from "@miscord/protocol";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { FailedPart } from "../../../core/failed-part.tsx";
import { useAction } from "../../../core/use-action.ts";
import { useLoaded } from "../../../core/use-loaded.ts";
import { useFormat } from "../../../i18n/format.ts";
import { AlertBanner } from "../../../ui/alert-banner.tsx";
import { Avatar } from "../../../ui/avatar.tsx";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";

/** Who wrote an imported message; whoever that is asks for their messages here. */
export function ImportedAuthorDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation("tools");
  const client = useClient();
  const { author } = message;
  const { loaded, reload } = useLoaded(useCallback(() => authorClaimCalls(client.rest).list(), [client]));
  useEffect(
    () => client.on("event", ({ type }) => (type === "author_claims_changed" || type === "resync") && reload()),
    [client, reload],
  );
  const claim = loaded.value?.find((one) => one.author.id === author.id);
  return (
    <Dialog open onOpenChange={onClose} title={author.display_name} description={t("author.hint")}>
      <div className="flex items-start gap-3">
        <Avatar user={author} size={40} ground="overlay" />
        <div className="flex min-w-0 flex-1 flex-col items-start gap-3">
          {loaded.status === "loading" && <Skeleton className="h-9 w-40 rounded-md" />}
          {loaded.status === "failed" && <FailedPart />}
          {loaded.value && <Claim message={message} claim={claim} onChanged={reload} />}
        </div>
      </div>
    </Dialog>
  );
}

interface ClaimProps {
  message: Message;
  claim: AuthorClaim | undefined;
  onChanged: () => void;
}

function Claim({ message, claim, onChanged }: ClaimProps) {
  const { t } = useTranslation("tools");
  const { rest } = useClient();
  const { busy, run } = useAction();
  const change = async (work: () => Promise<unknown>) => {
    await run(work);
    onChanged();
  };
  const calls = authorClaimCalls(rest);
  const isPending = claim?.status === "pending";
  const mayAsk = !claim || claim.may_repeat;
  return (
    <>
      {claim && <State claim={claim} />}
      {!claim && <p className="text-sm text-muted">{t("author.what")}</p>}
      {mayAsk && (
        <Button variant="primary" busy={busy} onClick={() => void change(() => calls.ask(message.id))}>
          {t(claim ? "author.again" : "author.ask")}
        </Button>
      )}
      {isPending && (
        <Button busy={busy} onClick={() => void change(() => calls.withdraw(claim.id))}>
          {t("author.withdraw")}
        </Button>
      )}
    </>
  );
}

function State({ claim: { status, created_at: askedAt, decided_at: decidedAt } }: { claim: AuthorClaim }) {
  const { t } = useTranslation("tools");
  const format = useFormat();
  return (
    <AlertBanner tone={status === "accepted" ? "success" : "info"} className="w-full">
      {t(`author.${status}`, { date: format.dateTime(decidedAt ?? askedAt) })}
    </AlertBanner>
  );
}
