import { followedThreads } from "@miscord/client";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useClientState } from "../../core/client.ts";
import { textChannelIds } from "../../core/last-visited.ts";
import { useRouteIds } from "../../core/route-ids.ts";
import { showsUnread } from "../../core/unread.ts";
import { useCan } from "../../core/use-can.ts";
import { useUnseenChannels, useViewed } from "../../core/view-as.ts";
import { useCall } from "../voice/use-call.ts";
import { type Arrangement, type Row, sectionsOf, withoutChannels } from "./arrangement.ts";
import { ChannelGroup, type RowMark } from "./channel-group.tsx";
import { useCollapsedCategories } from "./collapsed-categories.ts";
import { useArrangement } from "./use-arrangement.ts";
import { useDragOrder } from "./use-drag-order.ts";

const loadMoves = () => import("./moves.ts");

/** The server's channels: those without a category by type, then the categories. */
export function ChannelList({ serverId }: { serverId: number }) {
  const { t } = useTranslation("servers");
  const serverName = useClientState((state) => state.servers[serverId]?.name ?? "");
  // What is hidden from the one with whose eyes the user looks has no place there, so that nothing can be moved.
  const isViewing = useViewed(serverId) !== null;
  const canManage = useCan(serverId, "manageChannels") && !isViewing;
  const { arrangement: all, channels, choose } = useArrangement(serverId);
  const arrangement = withoutChannels(all, useUnseenChannels(serverId));
  const sections = useShownSections(serverId, sectionsOf(arrangement, channels));
  const rows = sections.flatMap(({ section, shownIds }): Row[] => [
    ...(section.categoryId === null ? [] : [{ id: section.categoryId, section, isCategory: true }]),
    ...shownIds.map((id) => ({ id, section, isCategory: false })),
  ]);
  const move = async (moved: (moves: typeof import("./moves.ts")) => Arrangement | null) => {
    const next = moved(await loadMoves());
    if (next) void choose(next);
  };
  const { drag, listProps } = useDragOrder((from, to) => {
    const places = { from, gap: to > from ? to + 1 : to };
    void move(({ dropped }) => dropped(arrangement, channels, rows, places));
  }, canManage);
  // In time for the drop, so that the row does not go back first.
  if (drag) void loadMoves();
  const indices = new Map(rows.map(({ id }, index) => [id, index]));
  const markOf = (id: number): RowMark => {
    const index = indices.get(id);
    const isLast = index === rows.length - 1;
    const gap = drag?.gap === index ? "before" : drag?.gap === rows.length && isLast ? "after" : null;
    return { dragged: drag?.from === index, gap: drag ? gap : null };
  };
  const onStep = (id: number, step: 1 | -1) => void move(({ stepped }) => stepped(arrangement, channels, id, step));
  return (
    <nav aria-label={t("channels.of", { server: serverName })} className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
      <div {...listProps}>
        {sections.map((one, index) => (
          <ChannelGroup
            key={one.section.categoryId ?? one.section.kind}
            serverId={serverId}
            canManage={canManage}
            hasCategories={sections.length > 2}
            isFirstCategory={index === 2}
            isLast={index === sections.length - 1}
            markOf={markOf}
            onStep={isViewing ? null : onStep}
            {...one}
          />
        ))}
      </div>
    </nav>
  );
}

/** A collapsed category still shows what is unread in it, the open channel, and the call that the user is in. */
function useShownSections(serverId: number, sections: ReturnType<typeof sectionsOf>) {
  const collapsed = useCollapsedCategories();
  const { channelId: openId } = useRouteIds();
  const openParentId = useClientState((state) => state.threads[openId ?? 0]?.parent_id);
  const callId = useCall((state) => state.channelId);
  const unread = useClientState(
    useShallow((state) =>
      textChannelIds(state, serverId).filter((id) =>
        [id, ...followedThreads(state, id)].some((one) => showsUnread(state, one)),
      ),
    ),
  );
  return sections.map((section) => {
    const isCollapsed = section.categoryId !== null && collapsed.includes(section.categoryId);
    const stays = (id: number) => id === openId || id === openParentId || id === callId || unread.includes(id);
    return { section, isCollapsed, shownIds: isCollapsed ? section.ids.filter(stays) : section.ids };
  });
}
