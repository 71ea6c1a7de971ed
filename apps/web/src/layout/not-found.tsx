import { Compass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { EmptyState } from "../ui/empty-state.tsx";
import { usePageTitle } from "../core/page-title.ts";
import { paths } from "../core/paths.ts";
import { MainPane } from "./main-pane.tsx";

/** For an unknown address and for one the user may not see: the server does not reveal which it is. */
export function NotFound() {
  const { t } = useTranslation("common");
  usePageTitle(t("notFound.title"));
  return (
    <MainPane title={<h1 className="truncate font-semibold">{t("notFound.title")}</h1>}>
      <EmptyState
        icon={<Compass size={26} aria-hidden />}
        title={t("notFound.heading")}
        description={t("notFound.description")}
        actions={
          <Link href={paths.home} className="text-sm font-medium text-link underline-offset-2 hover:underline">
            {t("notFound.home")}
          </Link>
        }
      />
    </MainPane>
  );
}
