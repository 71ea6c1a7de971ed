import { type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { LazyPart } from "../../core/lazy-part.tsx";
import { FocusHolder } from "../../ui/focus-holder.tsx";
import { Popover, type PopoverProps } from "../../ui/popover.tsx";
import { useAfterFocusReturn } from "../../ui/use-after-focus-return.ts";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import type { StickerPlace } from "./sticker-place.ts";

const EmojiPicker = lazyWithTexts(async () => (await import("./emoji-picker.tsx")).default);

export interface EmojiPopoverProps extends Pick<PopoverProps, "side" | "align"> {
  trigger: ReactElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Offers emoji of the user's servers too, this one's first; null: the conversation is of none. */
  serverId?: number | null;
  /** Where the emoji is used: not everybody may use those of other servers everywhere. */
  channelId?: number;
  /** Called when the picker has closed and returned the focus; `typed` is how a field for text shows the emoji. */
  onPick: (emoji: string, typed: string) => void;
  /** Offers stickers too, of the same servers. */
  stickers?: StickerPlace;
}

/** A button that opens the picker. A pick closes it, and the focus returns to the button. */
export function EmojiPopover({
  trigger,
  open,
  onOpenChange,
  serverId,
  channelId,
  onPick,
  stickers,
  ...place
}: EmojiPopoverProps) {
  const { t } = useTranslation("chat");
  const { choose, onCloseAutoFocus } = useAfterFocusReturn();
  return (
    <Popover
      trigger={trigger}
      label={t("emoji.title")}
      open={open}
      onOpenChange={onOpenChange}
      onCloseAutoFocus={onCloseAutoFocus}
      className="w-88 max-w-[calc(100vw-1rem)] overflow-hidden"
      {...place}
    >
      <LazyPart
        loading={
          <div role="status" className="flex h-84 items-center justify-center text-sm text-faint">
            {t("emoji.loading")}
            <FocusHolder />
          </div>
        }
      >
        <EmojiPicker
          {...{ serverId, channelId, stickers, onPick }}
          finish={(work) => {
            choose(work);
            onOpenChange(false);
          }}
        />
      </LazyPart>
    </Popover>
  );
}
