import type { Message } from "@miscord/protocol";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { useMessagePrompts } from "../message-prompts.ts";
import { useMessageLabel } from "../use-message-label.ts";
import { toggleMessage } from "./selection.ts";

/** The checkbox before a message while messages are chosen. */
export function SelectionMark({ message, isActive }: { message: Message; isActive: boolean }) {
  const { t } = useTranslation("moderation");
  const client = useClient();
  const box = useRef<HTMLInputElement>(null);
  const label = useMessageLabel(message);
  const isChosen = useMessagePrompts(({ selection }) => selection?.ids.has(message.id) ?? false);
  useEffect(() => {
    const isFirst = isChosen && useMessagePrompts.getState().selection?.ids.size === 1;
    // The menu in which the choice began is gone, and its button with it.
    if (isFirst && document.activeElement === document.body) box.current?.focus();
    // oxlint-disable-next-line react/exhaustive-deps -- only when the choice begins
  }, []);
  return (
    <input
      ref={box}
      type="checkbox"
      checked={isChosen}
      tabIndex={isActive ? 0 : -1}
      aria-label={t("selection.mark", { message: label })}
      onChange={({ nativeEvent }) => {
        const isRange = nativeEvent instanceof MouseEvent && nativeEvent.shiftKey;
        const all = client.store.getState().timelines[message.channel_id]?.messages ?? [];
        toggleMessage(message.id, isRange ? all.map(({ id }) => id) : null);
      }}
      className="mt-0.5 size-5 shrink-0 accent-(--accent)"
    />
  );
}
