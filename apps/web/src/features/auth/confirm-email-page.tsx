import { ApiError, mailCalls } from "@miscord/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient, useClientState } from "../../core/client.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { paths } from "../../core/paths.ts";
import { AlertBanner } from "../../ui/alert-banner.tsx";
import { Button } from "../../ui/button.tsx";
import { AuthPage } from "./auth-page.tsx";
import { forgetKeptHash, takeKeptHash } from "./kept-hash.ts";
import { ToLogin } from "./register-page.tsx";

type Outcome = { email: string } | { error: unknown };

/** The page at `/confirm-email#token`, which a mail leads to. Only the account that asked can confirm. */
export function ConfirmEmailPage() {
  const { t } = useTranslation("security");
  const [token] = useState(() => takeKeptHash("confirm-email"));
  const me = useClientState((state) => state.session.me);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const isBroken = token === null || (outcome !== null && "error" in outcome && isOfLink(outcome.error));
  return (
    <AuthPage title={t("email.title")} description={outcome === null && token !== null && t("email.description")}>
      {isBroken && <AlertBanner tone="danger">{t("email.broken")}</AlertBanner>}
      {outcome !== null && "error" in outcome && !isBroken && <Failure error={outcome.error} />}
      {outcome !== null && "email" in outcome && (
        <AlertBanner tone="success">{t("email.done", { email: outcome.email })}</AlertBanner>
      )}
      {token !== null && me !== null && outcome === null && (
        <ConfirmButton token={token} username={me.username} onOutcome={setOutcome} />
      )}
      {me === null ? (
        token !== null && <ToLogin next={paths.confirmEmail} />
      ) : (
        <Link href={paths.home} className="mt-4 block text-sm font-medium text-link underline underline-offset-2">
          {t("email.home")}
        </Link>
      )}
    </AuthPage>
  );
}

function isOfLink(error: unknown): boolean {
  return error instanceof ApiError && error.code === "invalid_credentials";
}

function Failure({ error }: { error: unknown }) {
  return <AlertBanner tone="danger">{useDescribeError()(error)}</AlertBanner>;
}

interface ConfirmButtonProps {
  token: string;
  username: string;
  onOutcome: (outcome: Outcome) => void;
}

function ConfirmButton({ token, username, onOutcome }: ConfirmButtonProps) {
  const { t } = useTranslation("security");
  const client = useClient();
  const [busy, setBusy] = useState(false);
  async function confirm(): Promise<void> {
    setBusy(true);
    forgetKeptHash("confirm-email");
    try {
      onOutcome({ email: (await mailCalls(client.rest).confirmAddress(token)).email });
    } catch (error) {
      onOutcome({ error });
    }
  }
  return (
    <Button variant="primary" size="lg" className="w-full" busy={busy} onClick={() => void confirm()}>
      {t("email.submit", { username })}
    </Button>
  );
}
