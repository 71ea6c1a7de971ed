import { securityCalls } from "@miscord/client";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useSearchParams } from "wouter";
import { useClient } from "../../core/client.ts";
import { safeNext } from "../../core/paths.ts";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { RecoveryCodes } from "../settings/security/recovery-codes.tsx";
import { AuthPage } from "./auth-page.tsx";

/**
 * The page after registering: shows recovery codes, once. Users who have some go on at once, and so do those for whom none
 * could be made: nobody is kept out for it, and the settings make codes too.
 */
export function RecoveryCodesPage() {
  const { t } = useTranslation(["security", "common"]);
  const client = useClient();
  const [search] = useSearchParams();
  const [, navigate] = useLocation();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const next = safeNext(search.get("next"));
  const hasBegun = useRef(false);
  useEffect(() => {
    if (hasBegun.current) return;
    hasBegun.current = true;
    const calls = securityCalls(client.rest);
    const codesOfNewcomer = async () => {
      const { recovery_codes_left: left } = await calls.security();
      return left > 0 ? [] : calls.renewRecoveryCodes();
    };
    const show = async () => {
      const made = await codesOfNewcomer().catch(() => []);
      if (made.length > 0) setCodes(made);
      else navigate(next, { replace: true });
    };
    void show();
  }, [client, navigate, next]);
  return (
    <AuthPage title={t("codes.title")} description={t("codes.description")}>
      {codes ? (
        <RecoveryCodes codes={codes} />
      ) : (
        <div role="status" aria-label={t("common:loading")}>
          <Skeleton className="h-44 rounded-md" />
        </div>
      )}
      <Button
        variant="primary"
        size="lg"
        className="mt-6 w-full"
        disabled={codes === null}
        onClick={() => navigate(next, { replace: true })}
      >
        {t("codes.saved")}
      </Button>
    </AuthPage>
  );
}
