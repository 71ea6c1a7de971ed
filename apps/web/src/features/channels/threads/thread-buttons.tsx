import { BellOff, BellPlus, Ellipsis } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { useFollowing, useThreadMenu } from "./use-thread-menu.tsx";

/** In the header of a thread: whether the user follows it, and its menu. */
export function ThreadButtons({ threadId }: { threadId: number }) {
  const { t } = useTranslation("threads");
  const { isFollowing, toggleFollowing } = useFollowing(threadId);
  const entries = useThreadMenu(threadId);
  return (
    <>
      <IconButton
        label={t(isFollowing ? "unfollow" : "follow")}
        icon={isFollowing ? <BellOff size={19} /> : <BellPlus size={19} />}
        tooltipSide="bottom"
        // A phone has it in the menu.
        className="max-md:hidden"
        onClick={toggleFollowing}
      />
      <Menu
        align="end"
        entries={entries}
        trigger={<IconButton label={t("menu")} icon={<Ellipsis size={19} />} tooltipSide="bottom" />}
      />
    </>
  );
}
