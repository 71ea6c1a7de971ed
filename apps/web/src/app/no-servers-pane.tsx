import { Compass, Plus, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { InboxButton } from "../features/notifications/inbox-button.tsx";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { useClientState } from "../core/client.ts";
import { LazyPart } from "../core/lazy-part.tsx";
import { lazyWithTexts } from "../i18n/lazy-with-texts.ts";
import { openDialog } from "../core/dialog-store.ts";
import { paths } from "../core/paths.ts";
import { usePageTitle } from "../core/page-title.ts";
import { MainPane } from "../layout/main-pane.tsx";

/** Loaded for administrators. */
const FirstSteps = lazyWithTexts(async () => (await import("../features/instance/first-steps.tsx")).FirstSteps);

export function NoServersPane() {
  const { t } = useTranslation("servers");
  const isAdmin = useClientState(({ session }) => session.me?.is_admin === true);
  const hasDiscovery = useClientState(({ instance }) => instance?.discovery === "on");
  const [, navigate] = useLocation();
  usePageTitle(t("none.title"));
  return (
    <MainPane title={<h1 className="truncate font-semibold">{t("none.title")}</h1>} buttons={<InboxButton />}>
      {isAdmin && (
        <LazyPart failed={null}>
          <FirstSteps />
        </LazyPart>
      )}
      <EmptyState
        icon={<Users size={26} aria-hidden />}
        title={t("none.heading")}
        description={t("none.description")}
        actions={
          <>
            <Button
              variant="primary"
              icon={<Plus size={18} aria-hidden />}
              onClick={() => openDialog({ kind: "add-server" })}
            >
              {t("add.open")}
            </Button>
            {hasDiscovery && (
              <Button icon={<Compass size={18} aria-hidden />} onClick={() => navigate(paths.discover)}>
                {t("discover.open")}
              </Button>
            )}
          </>
        }
      />
    </MainPane>
  );
}
