import { Bell, CheckCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Select } from "../../ui/select.tsx";
import { DesktopOffer } from "./desktop-offer.tsx";
import { type InboxFilter, inboxFilters, passes } from "./inbox-filter.ts";
import { InboxItem } from "./inbox-item.tsx";
import { SavedList } from "./saved-list.tsx";
import { InboxSkeleton } from "./inbox-skeleton.tsx";

/** Notifications of mentions, replies and invites, newest first, and messages that the user has saved. */
export function Inbox({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation(["notifications", "saved"]);
  const [showsSaved, setShowsSaved] = useState(false);
  const client = useClient();
  const inbox = useClientState((state) => state.inbox);
  const { run } = useAction();
  return (
    <>
      <header className="flex min-h-12 items-center justify-between gap-2 border-b border-line py-1.5 pr-2 pl-4">
        <h2 className="sr-only">{t("title")}</h2>
        <div className="flex gap-1">
          {[false, true].map((saved) => (
            <Button
              key={String(saved)}
              size="sm"
              variant={showsSaved === saved ? "secondary" : "ghost"}
              aria-pressed={showsSaved === saved}
              onClick={() => setShowsSaved(saved)}
            >
              {t(saved ? "saved:tab" : "saved:inboxTab")}
            </Button>
          ))}
        </div>
        {!showsSaved && inbox.unread > 0 && (
          <Button
            size="sm"
            variant="ghost"
            icon={<CheckCheck size={16} aria-hidden />}
            onClick={() => void run(() => client.markNotificationsRead(null))}
          >
            {t("readAll")}
          </Button>
        )}
      </header>
      {!showsSaved && <DesktopOffer />}
      <div className="min-h-0 overflow-y-auto overscroll-contain">
        {showsSaved && <SavedList onlyDue={false} onLeave={onLeave} />}
        {!showsSaved && inbox.reminders.length > 0 && <SavedList onlyDue onLeave={onLeave} />}
        {!showsSaved && (inbox.loaded ? <Notifications onLeave={onLeave} /> : <InboxSkeleton />)}
      </div>
    </>
  );
}

function Notifications({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation("notifications");
  const client = useClient();
  const { notifications, hasMore } = useClientState((state) => state.inbox);
  const { busy, run } = useAction();
  const [filter, setFilter] = useState<InboxFilter>("all");
  if (notifications.length === 0) {
    return <EmptyState icon={<Bell size={26} aria-hidden />} title={t("empty")} description={t("emptyHint")} />;
  }
  const shown = notifications.filter((notification) => passes(filter, notification));
  return (
    <>
      <div className="px-3 pt-2">
        <Select
          label={t("filter.label")}
          value={filter}
          onChange={setFilter}
          options={inboxFilters.map((value) => ({ value, label: t(`filter.${value}`) }))}
        />
      </div>
      {shown.length === 0 && <p className="px-4 py-6 text-center text-sm text-muted">{t("filter.none")}</p>}
      <ul className="flex flex-col p-1.5 empty:hidden">
        {shown.map((notification) => (
          <InboxItem key={notification.id} notification={notification} onLeave={onLeave} />
        ))}
      </ul>
      {hasMore && (
        <div className="flex justify-center px-3 pb-3">
          <Button size="sm" busy={busy} onClick={() => void run(() => client.loadMoreInbox())}>
            {t("more")}
          </Button>
        </div>
      )}
    </>
  );
}
