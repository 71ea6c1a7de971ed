import { useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { openedFrom } from "./use-return-focus.ts";

/** How long after loading the part's own field is waited for, which an effect of the part focuses. */
const handOverMs = 1_000;

/**
 * Takes the focus while a part that was opened by a key or a click is still loading, so that what is typed meanwhile does
 * not go to the element that had the focus before. When the part is shown, the text is typed into the field that the part
 * focuses. `onCancel` is called on Escape.
 */
export function FocusHolder({ onCancel }: { onCancel?: () => void }) {
  const { t } = useTranslation("common");
  const field = useRef<HTMLInputElement>(null);
  // Read while rendering: in an effect, a dialog that this part replaces is already gone, and the focus with it.
  const [former] = useState(() => document.activeElement);
  const hold = useEffectEvent(() => {
    const holder = field.current;
    if (!holder) return undefined;
    openedFrom(holder, former);
    holder.focus({ preventScroll: true });
    return () => {
      if (holder.value !== "") typeInto(holder.value, performance.now() + handOverMs);
    };
  });
  useLayoutEffect(() => hold(), []);
  return (
    <input
      ref={field}
      aria-label={t("loading")}
      autoComplete="off"
      onKeyDown={(event) => event.key === "Escape" && onCancel?.()}
      className="sr-only"
    />
  );
}

function typeInto(text: string, untilMs: number): void {
  requestAnimationFrame(() => {
    const target = document.activeElement;
    const isField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    // oxlint-disable-next-line typescript/no-deprecated -- types as a user does, so that the field's handlers see it
    if (isField && target.closest("[role=dialog]")) document.execCommand("insertText", false, text);
    else if (performance.now() < untilMs) typeInto(text, untilMs);
  });
}
