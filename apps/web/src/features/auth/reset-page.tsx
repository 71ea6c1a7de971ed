import { securityCalls } from "@miscord/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { AuthPage } from "./auth-page.tsx";
import { NewPasswordForm } from "./new-password-form.tsx";
import { ToLoginPage } from "./recover-page.tsx";
import { takeHash } from "./take-hash.ts";

/** The page at `/reset#token`, for whoever an administrator gave this link. */
export function ResetPage() {
  const { t } = useTranslation("security");
  const client = useClient();
  const [token] = useState(takeHash);
  const [username, setUsername] = useState<string | null>(null);
  const isLoggedIn = useClientState((state) => state.session.status === "authenticated");
  async function reset(password: string): Promise<void> {
    const answer = await securityCalls(client.rest).reset({ token, new_password: password });
    // The link may be of another account than the one that this browser is logged in with.
    if (isLoggedIn) await client.logout();
    setUsername(answer.username);
  }
  return (
    <AuthPage title={t("reset.title")} description={username === null && t("reset.description")}>
      {username !== null && <AlertBanner tone="success">{t("reset.done", { username })}</AlertBanner>}
      {username === null && token === "" && <AlertBanner tone="danger">{t("reset.broken")}</AlertBanner>}
      {username === null && token !== "" && <NewPasswordForm onSubmit={reset} wrong={t("reset.broken")} />}
      <ToLoginPage />
    </AuthPage>
  );
}
