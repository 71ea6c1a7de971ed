import { EyeOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useViewed, useViewedName } from "../../core/view-as.ts";
import { MainPane } from "../../layout/main-pane.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";

/** In place of a channel that the one with whose eyes the user looks does not see. */
export function UnseenPane({ serverId }: { serverId: number }) {
  const { t } = useTranslation("rights");
  const name = useViewedName(useViewed(serverId));
  return (
    <MainPane title={null}>
      <EmptyState icon={<EyeOff size={26} aria-hidden />} title={t("viewAs.unseen", { name })} />
    </MainPane>
  );
}
