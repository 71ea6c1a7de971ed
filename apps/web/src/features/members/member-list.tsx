import type { MemberListState } from "@miscord/client";
import { limits, type MemberListGroup } from "@miscord/protocol";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { UserPlus } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import { PaneHeader } from "../../layout/pane-header.tsx";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { type MemberListRow, memberRows } from "./member-rows.ts";
import { MemberRow } from "./member-row.tsx";
import { useMemberFocus } from "./use-member-focus.ts";

const headingPx = 36;
const memberPx = 44;
/** What is only scrolled past is not asked for. */
const scrollingMs = 100;

export function MemberList({ serverId }: { serverId: number }) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const list = useClientState((state) => state.memberLists[serverId]);
  const count = useClientState((state) => state.servers[serverId]?.member_count ?? 0);
  useEffect(() => {
    client.watchMembers(serverId, [0]);
    return () => client.watchMembers(serverId, []);
  }, [client, serverId]);
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <PaneHeader>
        <h2 className="flex-1 truncate pl-1 text-sm font-medium text-muted">{t("members.count", { count })}</h2>
      </PaneHeader>
      {list && list.groups.length > 0 ? <VirtualRows serverId={serverId} list={list} /> : <MembersSkeleton />}
      {count === 1 && (
        <div className="border-t border-line p-4 text-center">
          <p className="mb-3 text-sm text-balance text-muted">{t("members.alone")}</p>
          <Button
            variant="primary"
            size="sm"
            icon={<UserPlus size={16} aria-hidden />}
            onClick={() => openDialog({ kind: "invite", serverId })}
          >
            {t("invite.open")}
          </Button>
        </div>
      )}
    </div>
  );
}

function VirtualRows({ serverId, list }: { serverId: number; list: MemberListState }) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const rows = useMemo(() => memberRows(list.groups, list.pages), [list]);
  const scroller = useRef<HTMLDivElement>(null);
  const focus = useMemberFocus(rows, scroller, (index) => virtualizer.scrollToIndex(index));
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === "member" ? memberPx : headingPx),
    getItemKey: (index) => keyOf(rows[index]!, index),
    overscan: 12,
    // The row in the tab order stays mounted wherever the list is scrolled to.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), Math.max(0, focus.activeIndex)])].toSorted((a, b) => a - b),
  });
  const { startIndex = 0, endIndex = 0 } = virtualizer.range ?? {};
  const pages = pagesOf(rows.slice(startIndex, endIndex + 1));
  const wanted = pages.slice(0, limits.membersPagesInSight).join();
  useEffect(() => {
    if (wanted === "") return;
    const timer = setTimeout(() => client.watchMembers(serverId, wanted.split(",").map(Number)), scrollingMs);
    return () => clearTimeout(timer);
  }, [client, serverId, wanted]);
  return (
    <div
      ref={scroller}
      onKeyDownCapture={focus.onKeyDown}
      onFocus={focus.onFocus}
      className="min-h-0 flex-1 overflow-y-auto px-2"
    >
      <ul aria-label={t("members.title")} className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start, size }) => (
          <li key={key} className="absolute inset-x-0" style={{ top: start, height: size }}>
            <Row serverId={serverId} row={rows[index]!} index={index} isActive={index === focus.activeIndex} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function pagesOf(rows: readonly MemberListRow[]): number[] {
  return [...new Set(rows.flatMap((row) => (row.kind === "member" ? row.page : [])))];
}

function keyOf(row: MemberListRow, index: number): string | number {
  if (row.kind === "heading") return `group ${row.group.id}`;
  return row.id ?? `row ${index}`;
}

interface RowProps {
  serverId: number;
  row: MemberListRow;
  index: number;
  isActive: boolean;
}

function Row({ serverId, row, index, isActive }: RowProps) {
  if (row.kind === "heading") return <Heading serverId={serverId} group={row.group} />;
  return row.id === null ? <RowSkeleton /> : <KnownRow {...{ serverId, index, isActive }} userId={row.id} />;
}

function Heading({ serverId, group: { id, count } }: { serverId: number; group: MemberListGroup }) {
  const { t } = useTranslation("servers");
  const role = useClientState((state) => state.servers[serverId]?.roles.find((one) => one.id === id)?.name);
  return (
    <h3 className="px-2 pb-1 pt-3 text-xs font-medium text-faint">
      {typeof id === "string" ? t(`members.${id}`) : role} · {count}
    </h3>
  );
}

function KnownRow({ serverId, userId, index, isActive }: Omit<RowProps, "row"> & { userId: number }) {
  const member = useClientState((state) => state.members[serverId]?.[userId]);
  const status = useClientState((state) => state.presence[userId] ?? "offline");
  if (!member) return <RowSkeleton />;
  return <MemberRow serverId={serverId} member={{ ...member, status }} index={index} isActive={isActive} />;
}

function RowSkeleton() {
  return (
    <div className="flex h-full items-center gap-3 px-2">
      <Skeleton className="size-8 rounded-full" />
      <Skeleton className="h-3.5 w-28" />
    </div>
  );
}

function MembersSkeleton() {
  const { t } = useTranslation("common");
  return (
    <div role="status" aria-label={t("loading")} className="flex flex-1 flex-col gap-4 px-4 py-4">
      {["w-24", "w-32", "w-20"].map((width) => (
        <div key={width} className="flex items-center gap-3">
          <Skeleton className="size-8 rounded-full" />
          <Skeleton className={`h-3.5 ${width}`} />
        </div>
      ))}
    </div>
  );
}
