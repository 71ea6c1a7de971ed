import { Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { setMembersOpen, toggleMembersShown, usePanes } from "../../layout/panes.ts";
import { useNarrow } from "../../ui/use-media-query.ts";
import { IconButton } from "../../ui/icon-button.tsx";

export function MembersButton() {
  const { t } = useTranslation("servers");
  const narrow = useNarrow();
  const { membersShown, membersOpen } = usePanes();
  return (
    <IconButton
      label={t("members.toggle")}
      icon={<Users size={19} />}
      pressed={narrow ? membersOpen : membersShown}
      tooltipSide="bottom"
      onClick={narrow ? () => setMembersOpen(true) : toggleMembersShown}
    />
  );
}
