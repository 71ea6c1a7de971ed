import { ApiError } from "@miscord/client";
import { limits } from "@miscord/protocol";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useMe } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { useFormat } from "../../i18n/format.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { useToast } from "../../ui/toast.tsx";
import { PasswordInput } from "../../ui/password-input.tsx";
import { MailSection } from "./mail-section.tsx";
import { PanelSection } from "../../layout/panel-section.tsx";

export function AccountPanel() {
  const { t } = useTranslation(["settings", "common"]);
  const me = useMe();
  const format = useFormat();
  const facts = [
    [t("account.username"), `@${me.username}`],
    [t("account.since"), format.date(me.created_at)],
    ...(me.is_admin ? [[t("account.role"), t("account.admin")]] : []),
  ] as const;
  return (
    <>
      <PanelSection title={t("tab.account")}>
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
          {facts.map(([term, value]) => (
            <div key={term} className="contents">
              <dt className="text-muted">{term}</dt>
              <dd className="min-w-0 wrap-break-word">{value}</dd>
            </div>
          ))}
        </dl>
      </PanelSection>
      <MailSection />
      <PanelSection title={t("password.title")} hint={t("password.hint")}>
        <PasswordForm />
      </PanelSection>
    </>
  );
}

function PasswordForm() {
  const { t } = useTranslation("settings");
  const client = useClient();
  const toast = useToast();
  const describe = useDescribeError();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [isShort, setShort] = useState(false);
  const [busy, setBusy] = useState(false);
  const isWrong = error instanceof ApiError && error.code === "forbidden";

  async function submit(event: FormEvent) {
    event.preventDefault();
    setError(null);
    setShort(next.length < limits.passwordMin);
    if (busy || next.length < limits.passwordMin) return;
    setBusy(true);
    try {
      await client.rest.changePassword({ current_password: current, new_password: next });
      setCurrent("");
      setNext("");
      toast({ title: t("password.done"), tone: "success" });
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="flex max-w-90 flex-col gap-4">
      {error !== null && !isWrong && <AlertBanner tone="danger">{describe(error)}</AlertBanner>}
      <Field label={t("password.current")} error={isWrong && t("password.wrong")}>
        <PasswordInput
          required
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
      </Field>
      <Field label={t("password.next")} error={isShort && t("password.short", { min: limits.passwordMin })}>
        <PasswordInput
          required
          autoComplete="new-password"
          maxLength={limits.passwordLength}
          value={next}
          onChange={(event) => setNext(event.target.value)}
        />
      </Field>
      <Button
        type="submit"
        variant="primary"
        busy={busy}
        disabled={current === "" || next === ""}
        className="self-start"
      >
        {t("password.submit")}
      </Button>
    </form>
  );
}
