import { providerCalls } from "@miscord/client";
import { instanceLimits, limits, type Newcomer } from "@miscord/protocol";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { useClient, useClientState } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { inviteCodeOf, paths } from "../../core/paths.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { TextArea } from "../../ui/text-area.tsx";
import { nextAfterVisit } from "../settings/security/use-provider-visit.ts";
import { AuthPage } from "./auth-page.tsx";
import { invitedBy } from "./invite-card.tsx";
import { type Faults, refusedFaults, type RegistrationField, usernameFault } from "./registration-errors.ts";

/** Somebody whom a provider has named and no account here knows: a new account, or the one that they have. */
export function NewcomerForm({ newcomer }: { newcomer: Newcomer }) {
  const { t } = useTranslation(["security", "auth"]);
  const describe = useDescribeError();
  const policy = useClientState((state) => state.instance?.registration ?? "open");
  const hasPasswords = useClientState((state) => state.instance?.login?.password !== false);
  const { form, values, faultOf, error, busy, isWaiting, inputProps, submit, asksForInvite } = useNewcomer(newcomer);
  const name = newcomer.provider_name;
  return (
    <AuthPage title={t("provider.choose")} description={t("provider.chooseHint", { name })}>
      {isWaiting && <AlertBanner tone="success">{t("auth:register.waiting")}</AlertBanner>}
      {policy === "closed" && <AlertBanner>{t("auth:register.closed")}</AlertBanner>}
      {!isWaiting && policy !== "closed" && (
        <form ref={form} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
          {error !== null && <AlertBanner tone="danger">{describe(error)}</AlertBanner>}
          {asksForInvite && (
            <Field
              label={t("auth:register.invite")}
              hint={t("auth:register.inviteHint")}
              error={faultOf("invite_code")}
            >
              <Input {...inputProps("invite_code")} required autoComplete="off" spellCheck={false} />
            </Field>
          )}
          <Field label={t("auth:username")} hint={t("auth:register.usernameHint")} error={faultOf("username")}>
            <Input
              {...inputProps("username")}
              autoFocus
              required
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={limits.usernameLength}
            />
          </Field>
          <Field label={t("auth:register.displayName")} error={faultOf("display_name")}>
            <Input {...inputProps("display_name")} autoComplete="nickname" maxLength={limits.displayNameLength} />
          </Field>
          {policy === "approval" && (
            <Field label={t("auth:register.reason")} hint={t("auth:register.reasonHint")} error={faultOf("reason")}>
              <TextArea {...inputProps("reason")} required rows={3} maxLength={instanceLimits.applicationLength} />
            </Field>
          )}
          <Button type="submit" variant="primary" size="lg" busy={busy} disabled={values.username === ""}>
            {t("provider.create")}
          </Button>
        </form>
      )}
      {hasPasswords && <ToAccount />}
    </AuthPage>
  );
}

/** To the login page, and back here with a session that the login can be linked in. */
function ToAccount() {
  const { t } = useTranslation("security");
  return (
    <p className="mt-5 text-sm text-muted">
      {t("provider.have")}{" "}
      <Link
        href={`${paths.login}?next=${encodeURIComponent(paths.continue)}`}
        className="font-medium text-link underline underline-offset-2"
      >
        {t("provider.logIn")}
      </Link>
    </p>
  );
}

function useNewcomer({ username, display_name, email }: Newcomer) {
  const { t } = useTranslation("auth");
  const client = useClient();
  const [, navigate] = useLocation();
  const form = useRef<HTMLFormElement>(null);
  const inviteCode = invitedBy(nextAfterVisit());
  const asksForInvite = useClientState((state) => state.instance?.registration === "invite") && inviteCode === null;
  const [values, setValues] = useState({ username, display_name, invite_code: inviteCode ?? "", reason: "" });
  const [faults, setFaults] = useState<Faults>({});
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [isWaiting, setWaiting] = useState(false);

  function show(found: Faults): void {
    setFaults(found);
    const [first] = Object.keys(found);
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const body = bodyOf(values, email);
    const fault = usernameFault(body.username);
    if (fault) return show({ username: fault });
    setBusy(true);
    setError(null);
    try {
      const answer = await client.enter(() => providerCalls(client.rest).register(body));
      if ("status" in answer) return setWaiting(true);
      const next = body.invite_code === undefined ? nextAfterVisit() : paths.home;
      navigate(`${paths.recoveryCodes}?next=${encodeURIComponent(next)}`, { replace: true });
    } catch (refusal) {
      const refused = refusedFaults(refusal);
      if (refused) show(refused);
      else setError(refusal);
      setBusy(false);
    }
  }

  const inputProps = (name: keyof typeof values) => ({
    name,
    value: values[name],
    onChange: (event: { target: { value: string } }) => {
      setValues({ ...values, [name]: event.target.value });
      setFaults({ ...faults, [name]: undefined });
    },
  });
  const faultOf = (name: RegistrationField) => faults[name] && t(`fault.${faults[name]}`, { min: limits.passwordMin });
  return { form, values, faultOf, error, busy, isWaiting, inputProps, submit, asksForInvite };
}

function bodyOf(
  values: { username: string; display_name: string; invite_code: string; reason: string },
  email: string,
) {
  const [displayName, reason, code] = [
    values.display_name.trim(),
    values.reason.trim(),
    inviteCodeOf(values.invite_code),
  ];
  return {
    username: values.username.trim(),
    email,
    ...(displayName && { display_name: displayName }),
    ...(code && { invite_code: code }),
    ...(reason && { reason }),
  };
}
