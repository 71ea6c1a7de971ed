import { ChevronDown, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import { isPrivate } from "../../core/rights-of.ts";
import { useCan } from "../../core/use-can.ts";
import { ContextMenu } from "../../ui/context-menu.tsx";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { ChannelMenuButton, dropMark, PrivateMark, type ChannelRowProps } from "./channel-item.tsx";
import { toggleCategory } from "./collapsed-categories.ts";
import { useManageEntries } from "./use-channel-menu.tsx";

interface CategoryHeaderProps extends Omit<ChannelRowProps, "canManage"> {
  titleId: string;
  /** Of the list of its channels. */
  listId: string;
  isCollapsed: boolean;
}

/** A category's name, which shows and hides its channels, and its menu. */
export function CategoryHeader(props: CategoryHeaderProps) {
  const { serverId, channelId, titleId, listId, isCollapsed, dragged, gap } = props;
  const { t } = useTranslation("servers");
  const name = useClientState((state) => state.channels[channelId]?.name ?? "");
  const isHidden = useClientState((state) => isPrivate(state.servers[serverId], state.channels[channelId]));
  const canManage = useCan(serverId, "manageChannels", channelId);
  const entries = useManageEntries({ ...props, canManage });
  return (
    <ContextMenu entries={entries}>
      <div
        data-row
        className={cx(
          "group relative flex h-10 items-center pr-1 not-first:mt-2",
          dragged && "opacity-40",
          dropMark(gap),
        )}
      >
        <h2 id={titleId} className="min-w-0 flex-1 text-xs font-medium">
          <button
            type="button"
            aria-expanded={!isCollapsed}
            aria-controls={listId}
            onClick={() => toggleCategory(channelId)}
            className="focus-inset flex h-10 w-full items-center gap-1 rounded-md pl-1 text-left text-faint transition-colors hover:text-ink md:h-8"
          >
            <ChevronDown
              size={14}
              aria-hidden
              className={cx("shrink-0 transition-transform", isCollapsed && "-rotate-90")}
            />
            <span className="truncate">{name}</span>
            {isHidden && <PrivateMark />}
          </button>
        </h2>
        {entries.some(Boolean) && (
          <ChannelMenuButton
            name={name}
            entries={entries}
            className="pointer-fine:group-hover:opacity-100 pointer-coarse:opacity-100"
          />
        )}
        {canManage && (
          <IconButton
            size="xs"
            label={t("channels.createIn", { category: name })}
            icon={<Plus size={16} />}
            onClick={() => openDialog({ kind: "create-channel", serverId, categoryId: channelId })}
          />
        )}
      </div>
    </ContextMenu>
  );
}
