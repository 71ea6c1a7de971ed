import { mailCalls } from "@miscord/client";
import type { InstanceMail } from "@miscord/protocol";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { FailedPart } from "../../core/failed-part.tsx";
import { useAction } from "../../core/use-action.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { useFormat } from "../../i18n/format.ts";
import { PanelSection } from "../../layout/panel-section.tsx";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useToast } from "../../ui/toast.tsx";

/** Whether the instance's mails leave, and a test of it. */
export function MailPanel() {
  const { t } = useTranslation("instance");
  const client = useClient();
  const { loaded, reload } = useLoaded(useCallback(() => mailCalls(client.rest).instanceMail(), [client]));
  return (
    <PanelSection title={t("mail.title")}>
      {loaded.status === "loading" && <Skeleton className="h-10 rounded-md" />}
      {loaded.status === "failed" && <FailedPart />}
      {loaded.status === "ready" && <State mail={loaded.value} onTested={reload} />}
    </PanelSection>
  );
}

function State({ mail, onTested }: { mail: InstanceMail; onTested: () => void }) {
  const { t } = useTranslation("instance");
  const calls = mailCalls(useClient().rest);
  const format = useFormat();
  const toast = useToast();
  const { busy, run } = useAction();
  if (mail.from === null) return <p className="text-sm text-muted">{t("mail.off")}</p>;
  const test = async () => {
    await run(async () => {
      const { reason } = await calls.sendTestMail();
      if (reason === null) toast({ title: t("mail.tested"), tone: "success" });
      else toast({ title: t("mail.refused", { reason }), tone: "danger" });
    });
    onTested();
  };
  return (
    <>
      {mail.failed && (
        <AlertBanner tone="danger" className="mb-2">
          {t("mail.failing", { when: format.dateTime(mail.failed.at), reason: mail.failed.reason })}
        </AlertBanner>
      )}
      <p className="text-sm text-muted">
        {t("mail.from", { from: mail.from })}{" "}
        {mail.sent_at === null ? t("mail.noneSent") : t("mail.sentAt", { when: format.dateTime(mail.sent_at) })}{" "}
        {mail.waiting > 0 && t("mail.waiting", { count: mail.waiting })}
      </p>
      <Button size="sm" busy={busy} onClick={() => void test()} className="mt-3">
        {t("mail.test")}
      </Button>
    </>
  );
}
