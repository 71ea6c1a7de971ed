import { lazy, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { LazyPart } from "../../core/lazy-part.tsx";
import { FocusHolder } from "../../ui/focus-holder.tsx";
import { Popover, type PopoverProps } from "../../ui/popover.tsx";

const EmojiPicker = lazy(() => import("./emoji-picker.tsx"));

export interface EmojiPopoverProps extends Pick<PopoverProps, "side" | "align"> {
  trigger: ReactElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onPick: (emoji: string) => void;
}

/** A button that opens the picker. A pick closes it, and the focus returns to the button. */
export function EmojiPopover({ trigger, open, onOpenChange, onPick, ...place }: EmojiPopoverProps) {
  const { t } = useTranslation("chat");
  return (
    <Popover
      trigger={trigger}
      label={t("emoji.title")}
      open={open}
      onOpenChange={onOpenChange}
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
          onPick={(emoji) => {
            onOpenChange(false);
            onPick(emoji);
          }}
        />
      </LazyPart>
    </Popover>
  );
}
