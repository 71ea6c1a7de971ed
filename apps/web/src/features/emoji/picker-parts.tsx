import type { Attachment, Sticker } from "@miscord/protocol";
import { Tabs } from "radix-ui";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAction } from "../../core/use-action.ts";
import { useCan } from "../../core/use-can.ts";
import { GifPart } from "./gif-part.tsx";
import type { StickerPlace } from "./sticker-place.ts";
import { StickerPart } from "./sticker-part.tsx";

interface PickerPartsProps {
  serverId: number | null | undefined;
  stickers: StickerPlace;
  finish: (work: () => void) => void;
  /** The emoji; with true if their search takes the focus. */
  children: (takesFocus: boolean) => ReactNode;
}

const tabClass =
  "focus-inset h-8 flex-1 rounded-md px-3 text-sm font-medium text-muted transition-colors hover:bg-hover hover:text-ink data-[state=active]:bg-active data-[state=active]:text-ink";

/** Emoji, stickers and GIFs, each as a tab. Who moves between the tabs by keyboard keeps the focus there. */
export function PickerParts({ serverId, stickers, finish, children }: PickerPartsProps) {
  const { t } = useTranslation(["stickers", "chat", "gifs"]);
  const { run } = useAction();
  const { channelId, loadSend } = stickers;
  const canAttach = useCan(serverId ?? null, "attachFiles", channelId);
  // When something is picked, the connection may be gone.
  useEffect(() => void loadSend().catch(() => {}), [loadSend]);
  const send = (sticker: Sticker) =>
    finish(() => void run(async () => (await loadSend()).sendSticker(channelId, sticker)));
  const sendGif = async (upload: () => Promise<Attachment>) => {
    // It is sent also when the picker is closed meanwhile.
    const isSent = await run(async () => {
      const [gif, sending] = await Promise.all([upload(), loadSend()]);
      sending.sendGif(channelId, gif);
    });
    if (isSent) finish(() => {});
  };
  const [part, setPart] = useState("emoji");
  const [isFirst, setFirst] = useState(true);
  if (!canAttach) return children(true);
  return (
    <Tabs.Root
      value={part}
      onValueChange={(next) => {
        setPart(next);
        setFirst(false);
      }}
      className="[--picker-tabs:2.625rem]"
    >
      <Tabs.List aria-label={t("parts")} className="flex gap-1 px-2.5 pt-2.5">
        <Tabs.Trigger value="emoji" className={tabClass}>
          {t("chat:emoji.title")}
        </Tabs.Trigger>
        <Tabs.Trigger value="stickers" className={tabClass}>
          {t("title")}
        </Tabs.Trigger>
        <Tabs.Trigger value="gifs" className={tabClass}>
          {t("gifs:title")}
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="emoji" tabIndex={-1} className="outline-none">
        {children(isFirst)}
      </Tabs.Content>
      <Tabs.Content value="stickers" tabIndex={-1} className="outline-none">
        <StickerPart serverId={serverId} channelId={channelId} onPick={send} />
      </Tabs.Content>
      <Tabs.Content value="gifs" tabIndex={-1} className="outline-none">
        <GifPart serverId={serverId} channelId={channelId} onPick={sendGif} />
      </Tabs.Content>
    </Tabs.Root>
  );
}
