import { Plus, SendHorizontal, Smile } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/icon-button.tsx";
import { usePhone, useTouch } from "../../ui/use-media-query.ts";
import { EmojiPopover } from "../emoji/emoji-popover.tsx";

/** In line with one line of text. */
const inLine = "my-0.5";

export function AttachButton({ onPick }: { onPick: (files: readonly File[]) => void }) {
  const { t } = useTranslation("chat");
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton
        label={t("composer.attach")}
        icon={<Plus size={20} />}
        className={inLine}
        onClick={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        aria-hidden
        onChange={({ currentTarget }) => {
          onPick([...(currentTarget.files ?? [])]);
          // The same file may be picked again.
          currentTarget.value = "";
        }}
      />
    </>
  );
}

export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useTranslation("chat");
  const [open, setOpen] = useState(false);
  return (
    <EmojiPopover
      side="top"
      align="end"
      open={open}
      onOpenChange={setOpen}
      // After the picker has given the focus back to its button: writing goes on in the text.
      onPick={(emoji) => setTimeout(() => onPick(emoji))}
      trigger={<IconButton label={t("composer.emoji")} icon={<Smile size={20} />} className={inLine} />}
    />
  );
}

/** Where there is no Enter that could send. */
export function SendButton({ onSend, isTooLong }: { onSend: () => void; isTooLong: boolean }) {
  const { t } = useTranslation("chat");
  const isPhone = usePhone();
  const isTouch = useTouch();
  if (!isPhone && !isTouch) return null;
  return (
    <IconButton
      label={t("composer.send")}
      icon={<SendHorizontal size={20} />}
      className={`${inLine} text-link!`}
      disabled={isTooLong}
      // The field keeps the focus, and with it the keyboard stays on the screen.
      onPointerDown={(event) => event.preventDefault()}
      onClick={onSend}
    />
  );
}
