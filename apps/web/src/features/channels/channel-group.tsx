import type { ChannelType } from "@miscord/protocol";
import { Plus } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { openDialog } from "../../core/dialog-store.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { useCan } from "../../core/use-can.ts";
import { VoiceChannelRow } from "./voice-channel-row.tsx";
import { ChannelRow } from "./channel-row.tsx";
import { useChannelOrder } from "./use-channel-order.ts";
import { useDragOrder } from "./use-drag-order.ts";

/** The text or the voice channels of a server. Each group has its own order. */
export function ChannelGroup({ serverId, type }: { serverId: number; type: ChannelType }) {
  const { t } = useTranslation(["servers", "voice"]);
  const titleId = useId();
  const canManage = useCan(serverId, "manageChannels");
  const { ids, move } = useChannelOrder(serverId, type);
  const { drag, listProps } = useDragOrder((from, to) => void move(from, to), canManage);
  const Row = type === "text" ? ChannelRow : VoiceChannelRow;
  if (type === "voice" && ids.length === 0 && !canManage) return null;
  return (
    <>
      <div className="flex h-10 items-center not-first:mt-2 justify-between pl-2 pr-1">
        <h2 id={titleId} className="text-xs font-medium text-faint">
          {type === "text" ? t("channels.title") : t("voice:channels.title")}
        </h2>
        {canManage && (
          <IconButton
            size="xs"
            label={type === "text" ? t("channels.create") : t("channels.createVoice")}
            icon={<Plus size={16} />}
            onClick={() => openDialog({ kind: "create-channel", serverId, type })}
          />
        )}
      </div>
      <ul {...listProps} aria-labelledby={titleId} className="flex flex-col gap-px">
        {ids.map((channelId, index) => (
          <Row
            key={channelId}
            serverId={serverId}
            channelId={channelId}
            canManage={canManage}
            dragged={drag?.from === index}
            gap={drag?.gap === index ? "before" : drag?.gap === ids.length && index === ids.length - 1 ? "after" : null}
            onMoveUp={index > 0 ? () => void move(index, index - 1) : undefined}
            onMoveDown={index < ids.length - 1 ? () => void move(index, index + 1) : undefined}
          />
        ))}
      </ul>
      {ids.length === 0 && type === "text" && <p className="px-2 py-1 text-sm text-faint">{t("channels.none")}</p>}
    </>
  );
}
