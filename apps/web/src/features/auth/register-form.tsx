import { instanceLimits, limits, type Locale, type RegisterBody } from "@miscord/protocol";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useHasMail } from "../../core/use-has-mail.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { inviteCodeOf } from "../../core/paths.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { PasswordInput } from "../../ui/password-input.tsx";
import { TextArea } from "../../ui/text-area.tsx";
import { type Faults, refusedFaults, registrationFaults, type RegistrationField } from "./registration-errors.ts";

export interface RegisterFormProps {
  /** Code of the invite link that was opened. */
  inviteCode?: string | null;
  /** Whether the form asks for an invite code: registration needs one and no invite link was opened. */
  asksForInvite?: boolean;
  claimToken?: string;
  /** Administrators decide on each account, and want to know something of the applicant. */
  asksForReason?: boolean;
}

const empty = { username: "", email: "", password: "", display_name: "", invite_code: "", reason: "" };

/** State of the form: values, their faults, and submission. */
function useRegistration({ inviteCode = null, asksForInvite = false, claimToken, asksForReason }: RegisterFormProps) {
  const { t, i18n } = useTranslation("auth");
  const client = useClient();
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState(empty);
  const [faults, setFaults] = useState<Faults>({});
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [isWaiting, setWaiting] = useState(false);

  function show(found: Faults): void {
    setFaults(found);
    const first = Object.keys(empty).find((name) => name in found);
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setError(null);
    const body = bodyOf(values, { inviteCode, claimToken, locale: i18n.language as Locale });
    const found = registrationFaults(body);
    if (asksForInvite && !body.invite_code) found.invite_code = "inviteNeeded";
    if (asksForReason && !body.reason) found.reason = "reasonNeeded";
    show(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      if (!(await client.register(body))) setWaiting(true);
    } catch (refusal) {
      const refused = refusedFaults(refusal);
      if (refused) show(refused);
      else setError(refusal);
      setBusy(false);
    }
  }

  const inputProps = (name: RegistrationField) => ({
    name,
    value: values[name],
    onChange: (event: { target: { value: string } }) => {
      setValues({ ...values, [name]: event.target.value });
      setFaults({ ...faults, [name]: undefined });
    },
  });
  const faultOf = (name: RegistrationField) => faults[name] && t(`fault.${faults[name]}`, { min: limits.passwordMin });

  return { form, error, busy, isWaiting, submit, inputProps, faultOf };
}

export function RegisterForm(props: RegisterFormProps) {
  const { t } = useTranslation("auth");
  const describe = useDescribeError();
  const { form, error, busy, isWaiting, submit, inputProps, faultOf } = useRegistration(props);
  const { asksForInvite = false, asksForReason = false } = props;
  const hasMail = useHasMail();
  if (isWaiting) return <AlertBanner tone="success">{t("register.waiting")}</AlertBanner>;
  return (
    <form ref={form} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      {error !== null && <AlertBanner tone="danger">{describe(error)}</AlertBanner>}
      {asksForInvite && (
        <Field label={t("register.invite")} hint={t("register.inviteHint")} error={faultOf("invite_code")}>
          <Input {...inputProps("invite_code")} autoFocus required autoComplete="off" spellCheck={false} />
        </Field>
      )}
      <Field label={t("username")} hint={t("register.usernameHint")} error={faultOf("username")}>
        <Input
          {...inputProps("username")}
          autoFocus={!asksForInvite}
          required
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={limits.usernameLength}
        />
      </Field>
      <Field label={t("register.displayName")} error={faultOf("display_name")}>
        <Input {...inputProps("display_name")} autoComplete="nickname" maxLength={limits.displayNameLength} />
      </Field>
      <Field label={t("email")} hint={hasMail && t("register.emailHint")} error={faultOf("email")}>
        <Input {...inputProps("email")} type="email" autoComplete="email" maxLength={limits.emailLength} />
      </Field>
      <Field
        label={t("password")}
        hint={t("register.passwordHint", { min: limits.passwordMin })}
        error={faultOf("password")}
      >
        <PasswordInput
          {...inputProps("password")}
          required
          autoComplete="new-password"
          maxLength={limits.passwordLength}
        />
      </Field>
      {asksForReason && (
        <Field label={t("register.reason")} hint={t("register.reasonHint")} error={faultOf("reason")}>
          <TextArea {...inputProps("reason")} required rows={3} maxLength={instanceLimits.applicationLength} />
        </Field>
      )}
      <Button type="submit" variant="primary" size="lg" busy={busy} className="mt-1">
        {t(asksForReason ? "register.apply" : "register.submit")}
      </Button>
    </form>
  );
}

interface Surroundings {
  inviteCode: string | null;
  claimToken: string | undefined;
  locale: Locale;
}

function bodyOf(values: typeof empty, { inviteCode, claimToken, locale }: Surroundings): RegisterBody {
  const code = inviteCode ?? inviteCodeOf(values.invite_code);
  const email = values.email.trim();
  const displayName = values.display_name.trim();
  return {
    username: values.username.trim(),
    ...(email && { email }),
    password: values.password,
    locale,
    ...(displayName && { display_name: displayName }),
    ...(code && { invite_code: code }),
    ...(claimToken && { claim_token: claimToken }),
    ...(values.reason.trim() && { reason: values.reason.trim() }),
  };
}
