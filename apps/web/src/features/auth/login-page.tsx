import { ApiError } from "@miscord/client";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "wouter";
import { useClient, useClientState } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { paths } from "../../core/paths.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { AuthPage } from "./auth-page.tsx";
import { invitedBy, WaitingServer } from "./invite-card.tsx";
import { PasswordInput } from "../../ui/password-input.tsx";
import { PasskeyLogin } from "./passkey-login.tsx";
import { ProviderButtons } from "./provider-buttons.tsx";
import { type Step, SecondStep, secondStepOf } from "./second-step.tsx";

// With the login page, which leads to them: each chunk of its own would cost every first load its name.
export { ContinuePage } from "./continue-page.tsx";
export { RegisterPage } from "./register-page.tsx";

export function LoginPage() {
  const { t } = useTranslation(["auth", "security"]);
  const [step, setStep] = useState<Step | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const [search] = useSearchParams();
  const next = search.get("next");
  const inviteCode = invitedBy(next);
  const isClosed = useClientState((state) => state.instance?.registration === "closed");
  const ways = useClientState((state) => state.instance?.login);
  if (step) {
    const back = (reason: string | null) => {
      setStep(null);
      setNotice(reason);
    };
    return (
      <AuthPage title={t("security:step.title")}>
        <SecondStep step={step} onBack={back} />
      </AuthPage>
    );
  }
  return (
    <AuthPage title={t("login.title")} description={t("login.description")}>
      {inviteCode !== null && <WaitingServer code={inviteCode} />}
      {notice !== null && <AlertBanner className="mb-4">{notice}</AlertBanner>}
      {ways?.password === false ? (
        <p className="text-muted">{t("security:provider.only")}</p>
      ) : (
        <LoginForm onSecondStep={setStep} />
      )}
      {ways && <ProviderButtons next={next} />}
      <PasskeyLogin />
      {!isClosed && ways?.password !== false && (
        <p className="mt-5 text-sm text-muted">
          {t("login.noAccount")}{" "}
          <Link
            href={paths.register + (next ? `?next=${encodeURIComponent(next)}` : "")}
            className="font-medium text-link underline underline-offset-2"
          >
            {t("login.register")}
          </Link>
        </p>
      )}
    </AuthPage>
  );
}

function LoginForm({ onSecondStep }: { onSecondStep: (step: Step) => void }) {
  const { t } = useTranslation(["auth", "security"]);
  const client = useClient();
  const describe = useDescribeError();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const isWrong = error instanceof ApiError && error.code === "invalid_credentials";
  const note = noteIn(error);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    if (busy) return;
    setBusy(true);
    setError(null);
    // After a successful login the routes replace this page.
    await client.login({ username: username.trim(), password }).catch((refusal: unknown) => {
      const step = secondStepOf(refusal);
      if (step) return onSecondStep(step);
      setError(refusal);
      form.querySelector<HTMLInputElement>('[name="password"]')?.select();
    });
    setBusy(false);
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      {error !== null && !isWrong && (
        <AlertBanner tone="danger">{note ? t("login.refused", { note }) : describe(error)}</AlertBanner>
      )}
      <Field label={t("username")}>
        <Input
          autoFocus
          required
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
      </Field>
      <Field label={t("password")} error={isWrong && t("login.wrong")}>
        <PasswordInput
          required
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <Link href={paths.recover} className="-mt-2 self-start text-sm text-link underline-offset-2 hover:underline">
        {t("security:forgot")}
      </Link>
      <Button type="submit" variant="primary" size="lg" busy={busy} className="mt-1">
        {t("login.submit")}
      </Button>
    </form>
  );
}

/** What the administrator who refused the account had to say. */
function noteIn(error: unknown): string | null {
  if (!(error instanceof ApiError) || error.code !== "approval_refused") return null;
  return (error.details as { note: string | null } | undefined)?.note ?? null;
}
