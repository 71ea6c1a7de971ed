import { Bell, CheckCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../app/client.ts";
import { useAction } from "../../app/use-action.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { DesktopOffer } from "./desktop-offer.tsx";
import { InboxItem } from "./inbox-item.tsx";

/** Mentions, replies and invitations, newest first. */
export function Inbox({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation("notifications");
  const client = useClient();
  const inbox = useClientState((state) => state.inbox);
  const { run } = useAction();
  return (
    <>
      <header className="flex min-h-12 items-center justify-between gap-2 border-b border-line py-1.5 pr-2 pl-4">
        <h2 className="font-semibold">{t("title")}</h2>
        {inbox.unread > 0 && (
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
      <DesktopOffer />
      <div className="min-h-0 overflow-y-auto overscroll-contain">
        {inbox.loaded ? <Notifications onLeave={onLeave} /> : <InboxSkeleton />}
      </div>
    </>
  );
}

function Notifications({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation("notifications");
  const client = useClient();
  const { notifications, hasMore } = useClientState((state) => state.inbox);
  const { busy, run } = useAction();
  if (notifications.length === 0) {
    return <EmptyState icon={<Bell size={26} aria-hidden />} title={t("empty")} description={t("emptyHint")} />;
  }
  return (
    <>
      <ul className="flex flex-col p-1.5">
        {notifications.map((notification) => (
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

function InboxSkeleton() {
  const { t } = useTranslation("common");
  return (
    <div role="status" aria-label={t("loading")} className="flex flex-col gap-5 p-4">
      {["w-3/4", "w-1/2", "w-2/3"].map((width) => (
        <div key={width} className="flex gap-3">
          <Skeleton className="size-8 rounded-full" />
          <div className="flex flex-1 flex-col gap-2 pt-1">
            <Skeleton className="h-3.5 w-40" />
            <Skeleton className={`h-3.5 ${width}`} />
          </div>
        </div>
      ))}
    </div>
  );
}
