import { mailCalls } from "@miscord/client";
import { limits } from "@miscord/protocol";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";

/** Asks for a mail with a link to set a new password. Says the same whether or not the address belongs to an account. */
export function MailResetForm() {
  const { t } = useTranslation("security");
  const client = useClient();
  const describe = useDescribeError();
  const [email, setEmail] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    const address = email.trim();
    await mailCalls(client.rest)
      .requestReset(address)
      .then(() => setSentTo(address), setError);
    setBusy(false);
  }
  if (sentTo !== null) return <AlertBanner tone="success">{t("mailReset.sent", { email: sentTo })}</AlertBanner>;
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      {error !== null && <AlertBanner tone="danger">{describe(error)}</AlertBanner>}
      <Field label={t("mailReset.email")} hint={t("mailReset.hint")}>
        <Input
          autoFocus
          required
          type="email"
          name="email"
          autoComplete="email"
          maxLength={limits.emailLength}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <Button type="submit" variant="primary" size="lg" busy={busy}>
        {t("mailReset.submit")}
      </Button>
    </form>
  );
}
