import { AudioLines, Smile, Sticker } from "lucide-react";
import { useTranslation } from "react-i18next";
import { EmojisPanel } from "../emoji-settings/emojis-panel.tsx";
import { emojiKind, stickerKind } from "../emoji-settings/kinds.ts";
import { SoundsPanel } from "./sounds/sounds-panel.tsx";
import { useServerTabs } from "./use-server-tabs.ts";

/** Emoji, stickers and sounds of the server, for those who manage them. */
export function useExpressionTabs(serverId: number) {
  const { t } = useTranslation(["emojis", "stickers", "soundboard"]);
  const { emojis: mayManage } = useServerTabs(serverId);
  if (!mayManage) return [];
  return [
    {
      id: "emojis",
      label: t("emojis:title"),
      icon: <Smile size={16} aria-hidden />,
      content: <EmojisPanel key="emojis" kind={emojiKind} serverId={serverId} />,
    },
    {
      id: "stickers",
      label: t("stickers:title"),
      icon: <Sticker size={16} aria-hidden />,
      content: <EmojisPanel key="stickers" kind={stickerKind} serverId={serverId} />,
    },
    {
      id: "sounds",
      label: t("soundboard:title"),
      icon: <AudioLines size={16} aria-hidden />,
      content: <SoundsPanel serverId={serverId} />,
    },
  ];
}
