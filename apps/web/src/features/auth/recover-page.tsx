import { securityCalls } from "@miscord/client";
import { limits } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { paths } from "../../core/paths.ts";
import { useHasMail } from "../../core/use-has-mail.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { CodeInput } from "../settings/security/code-input.tsx";
import { AuthPage } from "./auth-page.tsx";
import { MailResetForm } from "./mail-reset-form.tsx";
import { NewPasswordForm } from "./new-password-form.tsx";
import { type Step, SecondStep, secondStepOf } from "./second-step.tsx";

/** The new password is set, but the login did not follow at once. */
interface Done {
  username: string;
  /** What the login asks for. */
  step: Step | null;
  /** Why there is no login. */
  notice: string | null;
}

/** The page at `/recover`: a mail with a link, or a new password with a recovery code and then the login with it. */
export function RecoverPage() {
  const { t } = useTranslation("security");
  const [done, setDone] = useState<Done | null>(null);
  const hasMail = useHasMail();
  const [chosen, setByMail] = useState<boolean | null>(null);
  const byMail = hasMail && (chosen ?? true);
  if (done?.step) {
    return (
      <AuthPage title={t("step.title")}>
        <SecondStep step={done.step} onBack={(notice) => setDone({ ...done, step: null, notice })} />
      </AuthPage>
    );
  }
  // The code is used up: the same form again could only fail.
  if (done) {
    return (
      <AuthPage title={t("recover.title")}>
        <AlertBanner tone="success">{t("reset.done", { username: done.username })}</AlertBanner>
        {done.notice !== null && <AlertBanner className="mt-3">{done.notice}</AlertBanner>}
        <ToLoginPage />
      </AuthPage>
    );
  }
  if (byMail) {
    return (
      <AuthPage title={t("recover.title")} description={t("mailReset.description")}>
        <MailResetForm />
        <p className="mt-5 text-sm text-muted">{t("mailReset.otherwise")}</p>
        <OtherWay onChosen={() => setByMail(false)}>{t("mailReset.byCode")}</OtherWay>
        <ToLoginPage />
      </AuthPage>
    );
  }
  return (
    <AuthPage title={t("recover.title")} description={t("recover.description")}>
      <RecoverForm onDone={setDone} />
      <p className="mt-5 text-sm text-muted">
        {t("recover.logsOut")} {t("recover.noCodes")}
      </p>
      {hasMail && <OtherWay onChosen={() => setByMail(true)}>{t("mailReset.byMail")}</OtherWay>}
      <ToLoginPage />
    </AuthPage>
  );
}

function OtherWay({ onChosen, children }: { onChosen: () => void; children: string }) {
  return (
    <Button size="sm" className="mt-3" onClick={onChosen}>
      {children}
    </Button>
  );
}

function RecoverForm({ onDone }: { onDone: (done: Done) => void }) {
  const { t } = useTranslation(["security", "auth"]);
  const client = useClient();
  const describe = useDescribeError();
  const [username, setUsername] = useState("");
  const [code, setCode] = useState("");
  async function recover(password: string): Promise<void> {
    const name = username.trim();
    await securityCalls(client.rest).recover({ username: name, recovery_code: code, new_password: password });
    try {
      await client.login({ username: name, password });
    } catch (refusal) {
      const step = secondStepOf(refusal);
      onDone({ username: name, step, notice: step ? null : describe(refusal) });
    }
  }
  return (
    <NewPasswordForm onSubmit={recover} wrong={t("recover.wrong")}>
      <Field label={t("auth:username")}>
        <Input
          autoFocus
          required
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={limits.emailLength}
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
      </Field>
      <Field label={t("recover.code")}>
        <CodeInput autoComplete="off" value={code} onChange={(event) => setCode(event.target.value)} />
      </Field>
    </NewPasswordForm>
  );
}

export function ToLoginPage() {
  const { t } = useTranslation("security");
  return (
    <p className="mt-3 text-sm">
      <Link href={paths.login} className="font-medium text-link underline underline-offset-2">
        {t("recover.back")}
      </Link>
    </p>
  );
}
