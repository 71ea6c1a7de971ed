import { Pin } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LazyPart } from "../../../core/lazy-part.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Popover } from "../../../ui/popover.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { lazyWithTexts } from "../../../i18n/lazy-with-texts.ts";

const PinsPanel = lazyWithTexts(async () => (await import("./pins-panel.tsx")).PinsPanel);

/** The button in the channel's header that opens its pinned messages. */
export function PinsButton({ serverId, channelId }: { serverId: number; channelId: number }) {
  const { t } = useTranslation("chat");
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label={t("pins.title")}
      align="end"
      open={open}
      onOpenChange={setOpen}
      className="flex max-h-[min(36rem,var(--radix-popover-content-available-height))] w-104 max-w-[calc(100vw-1rem)] flex-col overflow-hidden"
      trigger={<IconButton label={t("pins.title")} icon={<Pin size={20} />} tooltipSide="bottom" />}
    >
      <LazyPart loading={<Skeleton className="m-4 h-3.5 w-40" />}>
        <PinsPanel serverId={serverId} channelId={channelId} onLeave={() => setOpen(false)} />
      </LazyPart>
    </Popover>
  );
}
