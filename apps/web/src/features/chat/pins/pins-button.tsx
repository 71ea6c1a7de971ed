import { Pin } from "lucide-react";
import { useTranslation } from "react-i18next";
import { lazyWithTexts } from "../../../i18n/lazy-with-texts.ts";
import { HeaderPopover } from "../../../layout/header-popover.tsx";

const PinsPanel = lazyWithTexts(async () => (await import("./pins-panel.tsx")).PinsPanel);

/** The button in the channel's header that opens its pinned messages. */
export function PinsButton({ serverId, channelId }: { serverId: number; channelId: number }) {
  const { t } = useTranslation("chat");
  return (
    <HeaderPopover label={t("pins.title")} icon={<Pin size={20} />}>
      {(leave) => <PinsPanel serverId={serverId} channelId={channelId} onLeave={leave} />}
    </HeaderPopover>
  );
}
