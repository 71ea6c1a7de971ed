import { Bell } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LazyPart } from "../../core/lazy-part.tsx";
import { useClientState } from "../../core/client.ts";
import { Badge } from "../../ui/badge.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Popover } from "../../ui/popover.tsx";
import { InboxSkeleton } from "./inbox-skeleton.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";

const Inbox = lazyWithTexts(async () => (await import("./inbox.tsx")).Inbox);

/** The button in the channel's header that opens the inbox. */
export function InboxButton() {
  const { t } = useTranslation("notifications");
  const [open, setOpen] = useState(false);
  const unread = useClientState((state) => state.inbox.unread + state.inbox.reminders.length);
  return (
    <div className="relative">
      <Popover
        label={t("title")}
        align="end"
        open={open}
        onOpenChange={setOpen}
        className="flex max-h-[min(36rem,var(--radix-popover-content-available-height))] w-104 max-w-[calc(100vw-1rem)] flex-col overflow-hidden"
        trigger={<IconButton label={t("title")} icon={<Bell size={20} />} tooltipSide="bottom" />}
      >
        <LazyPart loading={<InboxSkeleton />}>
          <Inbox onLeave={() => setOpen(false)} />
        </LazyPart>
      </Popover>
      <Badge
        count={unread}
        label={t("unread", { count: unread })}
        className="pointer-events-none absolute top-0 right-0 ring-2 ring-surface"
      />
    </div>
  );
}
