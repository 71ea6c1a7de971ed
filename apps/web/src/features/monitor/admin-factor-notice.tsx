import { KeyRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { openDialog } from "../../core/dialog-store.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";

/** Why an administrator sees nothing here: the instance requires a second factor that they have not set up. */
export function AdminFactorNotice() {
  const { t } = useTranslation("security");
  return (
    <EmptyState
      icon={<KeyRound size={26} aria-hidden />}
      title={t("required.adminTitle")}
      description={t("required.admin")}
      actions={
        <Button variant="primary" onClick={() => openDialog({ kind: "settings", tab: "security" })}>
          {t("required.setUp")}
        </Button>
      }
    />
  );
}
