import { securityCalls } from "@miscord/client";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useMe } from "../../../core/client.ts";
import { useDescribeError } from "../../../core/describe-error.ts";
import { useLoaded } from "../../../core/use-loaded.ts";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { AlertBanner } from "../../../ui/alert-banner.tsx";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { AuthenticatorSection } from "./authenticator-section.tsx";
import { HelpSection } from "./help-section.tsx";
import { LoginsSection } from "./logins-section.tsx";
import { PasskeysSection } from "./passkeys-section.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import type { SectionProps } from "./section-props.ts";
import { useGuarded } from "./use-guarded.ts";

export function SecurityPanel() {
  const { t } = useTranslation(["security", "common"]);
  const client = useClient();
  const describe = useDescribeError();
  const isAdmin = useMe().is_admin;
  const [codes, setCodes] = useState<readonly string[]>([]);
  const { loaded, reload } = useLoaded(useCallback(() => securityCalls(client.rest).security(), [client]));
  const changed = (newCodes: readonly string[]) => {
    setCodes(newCodes);
    reload();
  };
  if (loaded.status === "failed") {
    return (
      <AlertBanner tone="danger" action={<Button onClick={reload}>{t("common:retry")}</Button>}>
        {describe(loaded.error)}
      </AlertBanner>
    );
  }
  if (loaded.status === "loading") {
    return (
      <div role="status" aria-label={t("common:loading")} className="flex flex-col gap-3">
        <Skeleton className="h-20 rounded-md" />
        <Skeleton className="h-20 rounded-md" />
      </div>
    );
  }
  const props = { security: loaded.value, onChanged: changed };
  return (
    <>
      <AuthenticatorSection {...props} />
      <PasskeysSection {...props} />
      <LoginsSection {...props} />
      <RecoverySection {...props} />
      {isAdmin && <HelpSection />}
      {codes.length > 0 && <CodesDialog codes={codes} onClose={() => setCodes([])} />}
    </>
  );
}

function RecoverySection({ security: { recovery_codes_left: left }, onChanged }: SectionProps) {
  const { t } = useTranslation("security");
  const client = useClient();
  const { busy, run, question } = useGuarded();
  const renew = () => run(async () => onChanged(await securityCalls(client.rest).renewRecoveryCodes()));
  return (
    <PanelSection title={t("recovery.title")} hint={t("recovery.hint")}>
      <p className="mb-3 text-sm">
        {left === 0 ? t("recovery.none") : `${t("recovery.left", { count: left })} ${t("recovery.warning")}`}
      </p>
      <Button busy={busy} onClick={() => void renew()}>
        {t("recovery.renew")}
      </Button>
      {question}
    </PanelSection>
  );
}

function CodesDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const { t } = useTranslation("security");
  return (
    <Dialog
      open
      size="md"
      title={t("codes.title")}
      description={t("codes.description")}
      onOpenChange={onClose}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t("codes.saved")}
        </Button>
      }
    >
      <RecoveryCodes codes={codes} />
    </Dialog>
  );
}
