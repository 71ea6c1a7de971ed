import { useTranslation } from "react-i18next";
import { openDialog } from "../../../core/dialog-store.ts";
import { Button } from "../../../ui/button.tsx";

/** Above the channels of a server that requires a second factor of the user, who has none: what rests, and what to do. */
export function FactorNotice() {
  const { t } = useTranslation("security");
  return (
    <section
      aria-label={t("required.title")}
      className="flex flex-col items-start gap-2 border-b border-line bg-accent-soft px-4 py-3"
    >
      <p className="text-sm">{t("required.text")}</p>
      <Button size="sm" variant="primary" onClick={() => openDialog({ kind: "settings", tab: "security" })}>
        {t("required.setUp")}
      </Button>
    </section>
  );
}
