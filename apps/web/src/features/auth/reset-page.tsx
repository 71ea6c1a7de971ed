import { securityCalls } from "@miscord/client";
import { useEffect, useState } from "react";
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
  const [token, setToken] = useState(() => location.hash.slice(1));
  const [username, setUsername] = useState<string | null>(null);
  // Another link that is opened in this tab changes nothing but the hash.
  useEffect(() => {
    const take = () => {
      const secret = takeHash();
      if (secret === "") return;
      setToken(secret);
      setUsername(null);
    };
    take();
    addEventListener("hashchange", take);
    return () => removeEventListener("hashchange", take);
  }, []);
  const isLoggedIn = useClientState((state) => state.session.status === "authenticated");
  async function reset(password: string): Promise<void> {
    const answer = await securityCalls(client.rest).reset({ token, new_password: password });
    setUsername(answer.username);
    // The link may be of another account than the one that this browser is logged in with.
    if (isLoggedIn) await client.logout();
  }
  return (
    <AuthPage title={t("reset.title")} description={username === null && t("reset.description")}>
      {username !== null && <AlertBanner tone="success">{t("reset.done", { username })}</AlertBanner>}
      {username === null && token === "" && <AlertBanner tone="danger">{t("reset.broken")}</AlertBanner>}
      {username === null && token !== "" && <NewPasswordForm key={token} onSubmit={reset} wrong={t("reset.broken")} />}
      <ToLoginPage />
    </AuthPage>
  );
}
