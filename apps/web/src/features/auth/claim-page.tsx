import { ShieldCheck } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient, useClientState } from "../../core/client.ts";
import { paths } from "../../core/paths.ts";
import { useAction } from "../../core/use-action.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { useToast } from "../../ui/toast.tsx";
import { AuthPage } from "./auth-page.tsx";
import { forgetKeptHash, takeKeptHash } from "./kept-hash.ts";
import { RegisterForm } from "./register-form.tsx";
import { ToLogin } from "./register-page.tsx";

/**
 * The page at `/claim#token`: the bearer of the token becomes the instance's administrator, by registering or with the
 * present account.
 */
export function ClaimPage() {
  const { t } = useTranslation("auth");
  const [, navigate] = useLocation();
  const [token] = useState(() => takeKeptHash("claim"));
  const me = useClientState((state) => state.session.me);
  const isAdmin = me?.is_admin === true;
  const [registersHere] = useState(me === null);
  useEffect(() => {
    if (!isAdmin) return;
    forgetKeptHash("claim");
    navigate(registersHere ? paths.recoveryCodes : paths.home, { replace: true });
  }, [isAdmin, navigate, registersHere]);
  return (
    <AuthPage title={t("claim.title")} description={t("claim.description")}>
      {token === null && <AlertBanner tone="danger">{t("claim.missing")}</AlertBanner>}
      {token !== null && me && <ClaimAsMe token={token} />}
      {token !== null && !me && (
        <>
          <RegisterForm claimToken={token} />
          <ToLogin next={paths.claim} />
        </>
      )}
    </AuthPage>
  );
}

function ClaimAsMe({ token }: { token: string }) {
  const { t } = useTranslation("auth");
  const client = useClient();
  const toast = useToast();
  const { busy, run } = useAction();
  const name = useClientState((state) => state.session.me?.display_name ?? "");
  const claim = async () => {
    await client.rest.claimInstance(token);
    await client.reloadMe();
    toast({ title: t("claim.done"), tone: "success" });
  };
  return (
    <Button
      variant="primary"
      size="lg"
      className="w-full"
      busy={busy}
      icon={<ShieldCheck size={18} aria-hidden />}
      onClick={() => void run(claim)}
    >
      {t("claim.submit", { name })}
    </Button>
  );
}
