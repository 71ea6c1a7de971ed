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

export function MemberList({ serverId }: { serverId: number }) {
  const { t } = useTranslation("servers");
  const client = useClient();
  const members = useClientState((state) => state.members[serverId]);
  const count = useClientState((state) => state.servers[serverId]?.member_count ?? 0);
  const online = useClientState((state) => state.connection.status === "online");
  useEffect(() => {
    // A failed load is retried with the next connection.
    if (online) client.loadMembers(serverId).catch(() => {});
  }, [client, serverId, online]);
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <PaneHeader>
        <h2 className="flex-1 truncate pl-1 text-sm font-medium text-muted">{t("members.count", { count })}</h2>
      </PaneHeader>
      {members ? <VirtualRows serverId={serverId} members={members} /> : <MembersSkeleton />}
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

type Members = Parameters<typeof memberRows>[0];

function VirtualRows({ serverId, members }: { serverId: number; members: Members }) {
  const { t, i18n } = useTranslation("servers");
  const presence = useClientState((state) => state.presence);
  const roles = useClientState((state) => state.servers[serverId]?.roles);
  const rows = useMemo(
    () => memberRows(members, presence, i18n.language, roles),
    [members, presence, i18n.language, roles],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const focus = useMemberFocus(rows, scroller, (index) => virtualizer.scrollToIndex(index));
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === "member" ? memberPx : headingPx),
    getItemKey: (index) => keyOf(rows[index]!),
    overscan: 12,
    // The row in the tab order stays mounted wherever the list is scrolled to.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), Math.max(0, focus.activeIndex)])].toSorted((a, b) => a - b),
  });
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

function keyOf(row: MemberListRow): string | number {
  if (row.kind === "role") return `role ${row.role.id}`;
  return row.kind === "heading" ? row.group : row.member.id;
}

interface RowProps {
  serverId: number;
  row: MemberListRow;
  index: number;
  isActive: boolean;
}

function Row({ serverId, row, index, isActive }: RowProps) {
  const { t } = useTranslation("servers");
  if (row.kind === "member")
    return <MemberRow serverId={serverId} member={row.member} index={index} isActive={isActive} />;
  return (
    <h3 className="px-2 pb-1 pt-3 text-xs font-medium text-faint">
      {row.kind === "role" ? row.role.name : t(`members.${row.group}`)} · {row.count}
    </h3>
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
