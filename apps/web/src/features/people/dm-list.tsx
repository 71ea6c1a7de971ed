import { MailQuestionMark, Pencil, PhoneCall, Users } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { useShallow } from "zustand/react/shallow";
import { useClientState } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import { paths } from "../../core/paths.ts";
import { dmIds, dmName, othersIn } from "../../core/people.ts";
import { useRouteIds } from "../../core/route-ids.ts";
import { PaneHeader } from "../../layout/pane-header.tsx";
import { Badge } from "../../ui/badge.tsx";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";
import { StatusLine } from "../profile/custom-status-text.tsx";
import { DmAvatar } from "./dm-avatar.tsx";
import { incomingRequests } from "./requests.ts";

/** The second pane of the home place: friends, and the conversations by their latest message. */
export function DmList() {
  const { t } = useTranslation("people");
  const all = useClientState(useShallow(dmIds));
  const asking = useClientState(useShallow((state) => dmIds(state).filter((id) => state.dms[id]?.isRequest)));
  const ids = all.filter((id) => !asking.includes(id));
  const [path] = useLocation();
  const requests = useClientState(incomingRequests);
  return (
    <>
      <PaneHeader>
        <h2 className="flex-1 truncate pl-1 font-semibold">{t("title")}</h2>
        <IconButton
          label={t("new.open")}
          icon={<Pencil size={17} />}
          tooltipSide="bottom"
          onClick={() => openDialog({ kind: "new-dm" })}
        />
      </PaneHeader>
      <nav aria-label={t("title")} className="min-h-0 flex-1 overflow-y-auto px-2 py-2">
        <Link
          href={paths.dms}
          aria-current={path === paths.dms ? "page" : undefined}
          className={rowClass(path === paths.dms, requests > 0)}
        >
          <span className="flex size-8 shrink-0 items-center justify-center">
            <Users size={18} aria-hidden />
          </span>
          <span className="min-w-0 flex-1 truncate">{t("friends.title")}</span>
          <Badge count={requests} label={t("friends.requests", { count: requests })} />
        </Link>
        {asking.length > 0 && <Requests ids={asking} />}
        {ids.length === 0 ? (
          <p className="px-2 pt-4 text-sm text-faint">{t("none")}</p>
        ) : (
          <ul aria-label={t("conversations")} className="mt-2">
            {ids.map((id) => (
              <li key={id}>
                <DmRow channelId={id} />
              </li>
            ))}
          </ul>
        )}
      </nav>
    </>
  );
}

/** Conversations of strangers. Closed until it is asked for, unless one of them is open. */
function Requests({ ids }: { ids: readonly number[] }) {
  const { t } = useTranslation("people");
  const { channelId } = useRouteIds();
  const [isOpen, setOpen] = useState(channelId !== null && ids.includes(channelId));
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className={cx(rowClass(false, false), "w-full text-left")}
      >
        <span className="flex size-8 shrink-0 items-center justify-center">
          <MailQuestionMark size={18} aria-hidden />
        </span>
        <span className="min-w-0 flex-1 truncate">{t("request.title")}</span>
        <span className="text-xs text-faint">{ids.length}</span>
      </button>
      {isOpen && (
        <ul aria-label={t("request.title")} className="ms-3">
          {ids.map((id) => (
            <li key={id}>
              <DmRow channelId={id} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function DmRow({ channelId }: { channelId: number }) {
  const { t } = useTranslation("people");
  const isActive = useRouteIds().channelId === channelId;
  const name = useClientState((state) => dmName(state, channelId));
  const unread = useClientState((state) => state.channels[channelId]?.mention_count ?? 0);
  const otherId = useClientState((state) =>
    state.channels[channelId]?.type === "dm" ? othersIn(state, channelId)[0]?.id : undefined,
  );
  const inCall = useClientState((state) => state.voice[channelId]?.length ?? 0);
  return (
    <Link
      href={paths.dm(channelId)}
      aria-current={isActive ? "page" : undefined}
      className={rowClass(isActive, unread > 0)}
    >
      <DmAvatar channelId={channelId} ground="sunken" />
      <span dir="auto" className="min-w-0 flex-1 truncate">
        {name}
        {otherId !== undefined && <StatusLine userId={otherId} />}
      </span>
      {inCall > 0 && (
        <span className="flex shrink-0 items-center gap-1 text-xs font-normal text-success-ink">
          <PhoneCall size={15} aria-hidden />
          <span aria-hidden>{inCall}</span>
          <VisuallyHidden>{t("call.going", { count: inCall })}</VisuallyHidden>
        </span>
      )}
      <Badge count={unread} label={t("unread", { count: unread })} />
    </Link>
  );
}

function rowClass(isActive: boolean, isUnread: boolean): string {
  return cx(
    "focus-inset flex h-11 items-center gap-2.5 rounded-md px-2 text-sm transition-colors",
    isActive ? "bg-active text-ink" : "hover:bg-hover hover:text-ink",
    !isActive && (isUnread ? "font-semibold text-ink" : "text-muted"),
  );
}
