import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "wouter";
import { useClientState } from "../../core/client.ts";
import { paths } from "../../core/paths.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { AuthPage } from "./auth-page.tsx";
import { invitedBy, WaitingServer } from "./invite-card.tsx";
import { ProviderButtons } from "./provider-buttons.tsx";
import { RegisterForm } from "./register-form.tsx";

export function RegisterPage() {
  const { t } = useTranslation("auth");
  const [search] = useSearchParams();
  const next = search.get("next");
  const policy = useClientState((state) => state.instance?.registration ?? "open");
  const ways = useClientState((state) => state.instance?.login);
  const inviteCode = invitedBy(next);
  return (
    <AuthPage title={t("register.title")} description={t("register.description")}>
      {inviteCode !== null && <WaitingServer code={inviteCode} />}
      {policy === "closed" && <AlertBanner>{t("register.closed")}</AlertBanner>}
      {policy !== "closed" && ways?.password !== false && (
        <RegisterForm
          inviteCode={inviteCode}
          asksForInvite={policy === "invite" && inviteCode === null}
          asksForReason={policy === "approval"}
        />
      )}
      {policy !== "closed" && ways && <ProviderButtons next={next} />}
      <ToLogin next={next} />
    </AuthPage>
  );
}

export function ToLogin({ next }: { next: string | null }) {
  const { t } = useTranslation("auth");
  return (
    <p className="mt-5 text-sm text-muted">
      {t("register.haveAccount")}{" "}
      <Link
        href={paths.login + (next ? `?next=${encodeURIComponent(next)}` : "")}
        className="font-medium text-link underline underline-offset-2"
      >
        {t("register.login")}
      </Link>
    </p>
  );
}
