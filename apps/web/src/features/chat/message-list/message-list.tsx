import type { Timeline } from "@miscord/client";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../../core/client.ts";
import { usePageFocus } from "../../../core/page-focus.ts";
import { channelName } from "../../../core/people.ts";
import { useChat } from "../chat-context.ts";
import { releaseUnread, useIsHeldUnread } from "../held-unread.ts";
import { useJumps } from "../jump.ts";
import { MessageContextMenu } from "../message-context-menu.tsx";
import { TimelineRow } from "../timeline-row.tsx";
import { NewerEdge, OlderEdge, WelcomeEdge } from "./list-edges.tsx";
import { useArrivedCount, useJumpOnSend } from "./scroll-position.ts";
import { useEndHold, useHeldLayout } from "./use-end-hold.ts";
import { useFirstNew, useJumpInList } from "./use-jumps.ts";
import { useMarkRead } from "./use-mark-read.ts";
import { type Paging, usePaging } from "./use-paging.ts";
import { isOnRow, moveByKey, useEditInList, useRowFocus } from "./use-row-focus.ts";
import { useRowVirtualizer } from "./use-row-virtualizer.ts";
import { useRows } from "./use-rows.ts";
import { LazyPart } from "../../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../../i18n/lazy-with-texts.ts";

const FirstNewButton = lazyWithTexts(async () => (await import("./jump-buttons.tsx")).FirstNewButton);
const PresentButton = lazyWithTexts(async () => (await import("./jump-buttons.tsx")).PresentButton);

/** The messages of a channel, oldest first. Only the rows on the screen and a few around them are in the DOM. */
export function MessageList({ timeline }: { timeline: Timeline }) {
  const { channelId, actions } = useChat();
  const scroller = useRef<HTMLDivElement>(null);
  const { hold, isAtPresent } = useEndHold(!timeline.hasNewer);
  const isHeldUnread = useIsHeldUnread(channelId);
  const isWatching = usePageFocus() && isAtPresent && !isHeldUnread;
  const { rows, newAfterSeq } = useRows(timeline, { isWatching, isAtPresent });
  const { activeIndex, focusRow, onFocus, onBlur } = useRowFocus(rows, scroller);
  const paging = usePaging(channelId, timeline, scroller);
  const virtualizer = useRowVirtualizer({ rows, scroller, activeIndex, timeline, hold, isAtPresent });
  useHeldLayout({ hold, scroller, isPresent: !timeline.hasNewer });
  const scrollTo = (index: number) => hold.jump(() => virtualizer.scrollToIndex(index, { align: "auto" }));
  const editedId = useEditInList({ channelId, rows, scrollTo, focusRow });
  const highlighted = useJumps((jumps) => jumps.highlighted);
  const firstNew = useFirstNew({ timeline, rows, newAfterSeq, virtualizer });
  const arrived = useArrivedCount(channelId, isAtPresent);
  useJumpInList({ channelId, rows, virtualizer, hold, focusRow });
  useMarkRead(channelId, isWatching);
  useEffect(() => () => releaseUnread(channelId), [channelId]);
  useJumpOnSend(timeline, actions.jumpToPresent);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "End" && timeline.hasNewer && isOnRow(event)) actions.jumpToPresent();
    const { startIndex = 0, endIndex = 0 } = virtualizer.range ?? {};
    const pageLength = Math.max(1, endIndex - startIndex - 1);
    const go = (index: number) => (scrollTo(index), focusRow(index));
    moveByKey(event, { activeIndex, lastIndex: rows.length - 1, pageLength, go });
  }

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <MessageContextMenu rows={rows}>
        <div ref={scroller} {...{ onKeyDown, onFocus, onBlur }} onScroll={paging.loadIfNear} className={scrollerClass}>
          <LazyPart failed={null}>{firstNew && <FirstNewButton onClick={firstNew.go} />}</LazyPart>
          <div ref={virtualizer.containerRef} className="relative mt-auto shrink-0">
            <Edges timeline={timeline} paging={paging} isEmpty={rows.length === 0} />
            <NamedList>
              {/* oxlint-disable-next-line react/refs -- the virtualizer keeps the state it reads here up to date itself */}
              {virtualizer.getVirtualItems().map(({ index, key }) => (
                <li key={key} ref={virtualizer.measureElement} data-index={index} className="absolute inset-x-0">
                  <TimelineRow row={rows[index]!} isActive={index === activeIndex} {...{ highlighted, editedId }} />
                </li>
              ))}
            </NamedList>
          </div>
          <LazyPart failed={null}>
            {!isAtPresent && <PresentButton arrived={arrived} onClick={actions.jumpToPresent} />}
          </LazyPart>
        </div>
      </MessageContextMenu>
    </div>
  );
}

/** Scroll anchoring is off: the virtualizer already corrects the scroll position when rows above change. */
const scrollerClass =
  "flex min-h-0 flex-1 flex-col overflow-x-hidden overflow-y-auto overscroll-contain [overflow-anchor:none]";

function NamedList({ children }: { children: ReactNode }) {
  const { t } = useTranslation("chat");
  const { channelId } = useChat();
  const channel = useClientState((state) => channelName(state, channelId));
  return <ol aria-label={t("list.label", { channel })}>{children}</ol>;
}

function Edges({ timeline, paging, isEmpty }: { timeline: Timeline; paging: Paging; isEmpty: boolean }) {
  const { olderFailed, newerFailed, retry } = paging;
  return (
    <>
      {timeline.hasOlder ? <OlderEdge failed={olderFailed} onRetry={retry} /> : <WelcomeEdge isEmpty={isEmpty} />}
      {timeline.hasNewer && <NewerEdge failed={newerFailed} onRetry={retry} />}
    </>
  );
}
