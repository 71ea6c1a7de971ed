import { hasCalls, serverChannel } from "@miscord/client";
import { Plus } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { openDialog } from "../../core/dialog-store.ts";
import { useClientState } from "../../core/client.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import type { Section } from "./arrangement.ts";
import { CategoryHeader } from "./category-header.tsx";
import type { ChannelRowProps } from "./channel-item.tsx";
import { ChannelRow } from "./channel-row.tsx";
import { VoiceChannelRow } from "./voice-channel-row.tsx";

export type RowMark = Pick<ChannelRowProps, "dragged" | "gap">;

export interface ChannelGroupProps {
  serverId: number;
  section: Section;
  /** Its channels that are shown. */
  shownIds: readonly number[];
  isCollapsed: boolean;
  canManage: boolean;
  hasCategories: boolean;
  isFirstCategory: boolean;
  isLast: boolean;
  markOf: (id: number) => RowMark;
  /** Null when nothing can be moved. */
  onStep: ((id: number, step: 1 | -1) => void) | null;
}

/** The channels of a category, or the text or voice channels without one. */
export function ChannelGroup(props: ChannelGroupProps) {
  const { serverId, section, shownIds, isCollapsed, canManage, hasCategories, isFirstCategory, isLast } = props;
  const { markOf, onStep } = props;
  const { kind, categoryId, ids } = section;
  const { t } = useTranslation("servers");
  const titleId = useId();
  const listId = useId();
  // An empty group is there to be filled; in a server with categories those are.
  if (ids.length === 0 && (kind === "category" ? false : hasCategories || (kind === "voice" && !canManage)))
    return null;
  const step = (id: number, by: 1 | -1) => (onStep ? () => onStep(id, by) : undefined);
  return (
    <>
      {categoryId === null ? (
        <GroupHeader
          serverId={serverId}
          kind={kind === "voice" ? "voice" : "text"}
          titleId={titleId}
          canManage={canManage}
        />
      ) : (
        <CategoryHeader
          serverId={serverId}
          channelId={categoryId}
          titleId={titleId}
          listId={listId}
          isCollapsed={isCollapsed}
          onMoveUp={isFirstCategory ? undefined : step(categoryId, -1)}
          onMoveDown={isLast ? undefined : step(categoryId, 1)}
          {...markOf(categoryId)}
        />
      )}
      <ul id={listId} aria-labelledby={titleId} className="flex flex-col gap-px">
        {shownIds.map((channelId) => (
          <AnyChannelRow
            key={channelId}
            serverId={serverId}
            channelId={channelId}
            canManage={canManage}
            onMoveUp={channelId !== ids[0] || kind === "category" ? step(channelId, -1) : undefined}
            onMoveDown={
              channelId !== ids.at(-1) || (kind === "category" ? !isLast : hasCategories)
                ? step(channelId, 1)
                : undefined
            }
            {...markOf(channelId)}
          />
        ))}
      </ul>
      {ids.length === 0 && kind === "text" && <p className="px-2 py-1 text-sm text-faint">{t("channels.none")}</p>}
    </>
  );
}

function AnyChannelRow(row: ChannelRowProps) {
  const type = useClientState((state) => serverChannel(state, row.channelId)?.type);
  return type && hasCalls(type) ? <VoiceChannelRow {...row} /> : <ChannelRow {...row} />;
}

interface GroupHeaderProps {
  serverId: number;
  kind: "text" | "voice";
  titleId: string;
  canManage: boolean;
}

function GroupHeader({ serverId, kind, titleId, canManage }: GroupHeaderProps) {
  const { t } = useTranslation(["servers", "voice"]);
  return (
    <div className="flex h-10 items-center not-first:mt-2 justify-between pl-2 pr-1">
      <h2 id={titleId} className="text-xs font-medium text-faint">
        {kind === "text" ? t("channels.title") : t("voice:channels.title")}
      </h2>
      {canManage && (
        <IconButton
          size="xs"
          label={kind === "text" ? t("channels.create") : t("channels.createVoice")}
          icon={<Plus size={16} />}
          onClick={() => openDialog({ kind: "create-channel", serverId, type: kind })}
        />
      )}
    </div>
  );
}
