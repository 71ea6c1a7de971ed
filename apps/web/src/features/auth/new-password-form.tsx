import { ApiError } from "@miscord/client";
import { limits } from "@miscord/protocol";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDescribeError } from "../../core/describe-error.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { PasswordInput } from "../../ui/password-input.tsx";

interface NewPasswordFormProps {
  /** Sets the password. Its `invalid_credentials` is shown as `wrong`. */
  onSubmit: (password: string) => Promise<void>;
  wrong: string;
  /** Fields above the password. */
  children?: ReactNode;
}

export function NewPasswordForm({ onSubmit, wrong, children }: NewPasswordFormProps) {
  const { t } = useTranslation(["security", "auth"]);
  const describe = useDescribeError();
  const [password, setPassword] = useState("");
  const [isShort, setShort] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const isWrong = error instanceof ApiError && error.code === "invalid_credentials";
  async function submit(event: FormEvent) {
    event.preventDefault();
    setError(null);
    setShort(password.length < limits.passwordMin);
    if (busy || password.length < limits.passwordMin) return;
    setBusy(true);
    await onSubmit(password).catch(setError);
    setBusy(false);
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      {error !== null && <AlertBanner tone="danger">{isWrong ? wrong : describe(error)}</AlertBanner>}
      {children}
      <Field
        label={t("recover.password")}
        hint={t("auth:register.passwordHint", { min: limits.passwordMin })}
        error={isShort && t("auth:fault.passwordShort", { min: limits.passwordMin })}
      >
        <PasswordInput
          required
          name="password"
          autoComplete="new-password"
          maxLength={limits.passwordLength}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <Button type="submit" variant="primary" size="lg" busy={busy}>
        {t("recover.submit")}
      </Button>
    </form>
  );
}
