import { mailCalls } from "@miscord/client";
import { limits, type AccountMail, type Locale } from "@miscord/protocol";
import { type FormEvent, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useMe } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { useLoaded } from "../../core/use-loaded.ts";
import { PanelSection } from "../../layout/panel-section.tsx";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Switch } from "../../ui/switch.tsx";
import { useToast } from "../../ui/toast.tsx";
import { useGuarded } from "./security/use-guarded.ts";

/** The mail address of the account, whether it is confirmed, and what is sent to it. */
export function MailSection() {
  const { t } = useTranslation(["settings", "common"]);
  const client = useClient();
  const describe = useDescribeError();
  // Another page may have confirmed the address: then the account is fetched anew.
  const me = useMe();
  // oxlint-disable-next-line react/exhaustive-deps -- loads again with another account object
  const load = useCallback(() => mailCalls(client.rest).accountMail(), [client, me]);
  const { loaded, reload } = useLoaded(load);
  return (
    <PanelSection title={t("mail.title")} hint={t("mail.hint")}>
      {loaded.status === "loading" && (
        <div role="status" aria-label={t("common:loading")}>
          <Skeleton className="h-20 rounded-md" />
        </div>
      )}
      {loaded.status === "failed" && (
        <AlertBanner tone="danger" action={<Button onClick={reload}>{t("common:retry")}</Button>}>
          {describe(loaded.error)}
        </AlertBanner>
      )}
      {loaded.status === "ready" && (
        <Address key={`${loaded.value.email} ${loaded.value.pending}`} mail={loaded.value} onChanged={reload} />
      )}
    </PanelSection>
  );
}

interface Props {
  mail: AccountMail;
  onChanged: () => void;
}

function Address({ mail, onChanged }: Props) {
  const { t, i18n } = useTranslation("settings");
  const calls = mailCalls(useClient().rest);
  const toast = useToast();
  const { busy, run, question } = useGuarded();
  const [address, setAddress] = useState(mail.pending ?? mail.email);
  const send = async (email: string) => {
    const isDone = await run(() => calls.setAddress({ email, locale: i18n.language as Locale }));
    if (!isDone) return;
    toast({ title: mail.available ? t("mail.sent", { email }) : t("mail.noted"), tone: "success" });
    onChanged();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(address.trim());
  };
  const remove = async () => {
    if (await run(() => calls.removeAddress())) onChanged();
  };
  return (
    <>
      <form onSubmit={submit} className="flex max-w-90 flex-col gap-3">
        <Field label={t("account.email")} hint={stateOf(mail)}>
          <Input
            type="email"
            required
            autoComplete="email"
            maxLength={limits.emailLength}
            value={address}
            onChange={(event) => setAddress(event.target.value)}
          />
        </Field>
        <div className="flex flex-wrap gap-2">
          <Button type="submit" busy={busy} disabled={isSettled(mail, address.trim())}>
            {submitText(mail, address.trim())}
          </Button>
          {(mail.email !== "" || mail.pending !== null) && (
            <Button variant="ghost" busy={busy} onClick={() => void remove()}>
              {t("mail.remove")}
            </Button>
          )}
        </div>
      </form>
      {mail.available && <Wishes mail={mail} onChanged={onChanged} />}
      {question}
    </>
  );

  function stateOf({ available, email, confirmed, pending }: AccountMail): string {
    if (!available) return t("mail.unavailable");
    if (pending !== null) return t("mail.pending", { email: pending });
    if (email === "") return t("mail.none");
    return confirmed ? t("mail.confirmed") : t("mail.unconfirmed");
  }

  function submitText({ available, pending }: AccountMail, written: string): string {
    if (!available) return t("mail.note");
    return written === pending ? t("mail.again") : t("mail.confirm");
  }
}

/** Nothing would change. */
function isSettled({ available, email, confirmed, pending }: AccountMail, written: string): boolean {
  return written === "" || (written === email && pending === null && (confirmed || !available));
}

function Wishes({ mail, onChanged }: Props) {
  const { t } = useTranslation("settings");
  const calls = mailCalls(useClient().rest);
  const { busy, run, question } = useGuarded();
  const choose = async (wish: { notices: boolean } | { digest: boolean }) => {
    if (await run(() => calls.chooseMails(wish))) onChanged();
  };
  return (
    <div className="mt-4 flex flex-col gap-2">
      <Switch
        label={t("mail.notices")}
        hint={t("mail.noticesHint")}
        checked={mail.notices}
        disabled={busy || !mail.confirmed}
        onChange={(notices) => void choose({ notices })}
      />
      <Switch
        label={t("mail.digest")}
        hint={t("mail.digestHint")}
        checked={mail.digest}
        disabled={busy || !mail.confirmed}
        onChange={(digest) => void choose({ digest })}
      />
      {question}
    </div>
  );
}
