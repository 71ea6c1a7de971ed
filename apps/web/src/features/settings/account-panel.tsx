import { ApiError, securityCalls } from "@miscord/client";
import { limits } from "@miscord/protocol";
import { type FormEvent, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState, useMe } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { useFormat } from "../../i18n/format.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { useToast } from "../../ui/toast.tsx";
import { PasswordInput } from "../../ui/password-input.tsx";
import { NotConfirmed, useConfirmed } from "./security/confirm-identity.tsx";
import { MailSection } from "./mail-section.tsx";
import { PanelSection } from "../../layout/panel-section.tsx";

export function AccountPanel() {
  const { t } = useTranslation(["settings", "common"]);
  const me = useMe();
  const hasPasswords = useClientState((state) => state.instance?.login?.password !== false);
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
      {hasPasswords && (
        <PanelSection title={t("password.title")} hint={t("password.hint")}>
          <PasswordForm />
        </PanelSection>
      )}
    </>
  );
}

function usePasswordChange() {
  const { t } = useTranslation("settings");
  const client = useClient();
  const toast = useToast();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [isShort, setShort] = useState(false);
  const [busy, setBusy] = useState(false);
  const isWrong = error instanceof ApiError && error.code === "forbidden";
  const { loaded, reload } = useLoaded(useCallback(() => securityCalls(client.rest).security(), [client]));
  // Who has come through a login provider has none yet, and proves otherwise who they are.
  const isFirst = loaded.status === "ready" && !loaded.value.password;
  const { confirmed, question } = useConfirmed();

  async function submit(event: FormEvent) {
    event.preventDefault();
    setError(null);
    setShort(next.length < limits.passwordMin);
    if (busy || next.length < limits.passwordMin) return;
    setBusy(true);
    try {
      await confirmed(() =>
        securityCalls(client.rest).changePassword({ current_password: current, new_password: next }),
      );
      reload();
      setCurrent("");
      setNext("");
      toast({ title: t("password.done"), tone: "success" });
    } catch (refusal) {
      if (!(refusal instanceof NotConfirmed)) setError(refusal);
    } finally {
      setBusy(false);
    }
  }

  const canSubmit = next !== "" && (isFirst || current !== "");
  return { current, setCurrent, next, setNext, error, isWrong, isShort, isFirst, busy, canSubmit, submit, question };
}

function PasswordForm() {
  const { t } = useTranslation("settings");
  const describe = useDescribeError();
  const { current, setCurrent, next, setNext, error, isWrong, isShort, isFirst, busy, canSubmit, submit, question } =
    usePasswordChange();
  return (
    <form onSubmit={(event) => void submit(event)} className="flex max-w-90 flex-col gap-4">
      {error !== null && !isWrong && <AlertBanner tone="danger">{describe(error)}</AlertBanner>}
      {question}
      {!isFirst && (
        <Field label={t("password.current")} error={isWrong && t("password.wrong")}>
          <PasswordInput
            required
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
          />
        </Field>
      )}
      <Field label={t("password.next")} error={isShort && t("password.short", { min: limits.passwordMin })}>
        <PasswordInput
          required
          autoComplete="new-password"
          maxLength={limits.passwordLength}
          value={next}
          onChange={(event) => setNext(event.target.value)}
        />
      </Field>
      <Button type="submit" variant="primary" busy={busy} disabled={!canSubmit} className="self-start">
        {t("password.submit")}
      </Button>
    </form>
  );
}
