import { Plus, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { InboxButton } from "../features/notifications/inbox-button.tsx";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { openDialog } from "../core/dialog-store.ts";
import { usePageTitle } from "../core/page-title.ts";
import { MainPane } from "../layout/main-pane.tsx";

export function NoServersPane() {
  const { t } = useTranslation("servers");
  usePageTitle(t("none.title"));
  return (
    <MainPane title={<h1 className="truncate font-semibold">{t("none.title")}</h1>} buttons={<InboxButton />}>
      <EmptyState
        icon={<Users size={26} aria-hidden />}
        title={t("none.heading")}
        description={t("none.description")}
        actions={
          <Button
            variant="primary"
            icon={<Plus size={18} aria-hidden />}
            onClick={() => openDialog({ kind: "add-server" })}
          >
            {t("add.open")}
          </Button>
        }
      />
    </MainPane>
  );
}
