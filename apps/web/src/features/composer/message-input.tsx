import {
  type ChangeEvent,
  type ClipboardEventHandler,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
} from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { LazyPart } from "../../core/lazy-part.tsx";
import { emojisFrom } from "../../core/server-emojis.ts";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { cx } from "../../ui/cx.ts";
import { isInOverlay } from "../../ui/is-in-overlay.ts";
import { useTouch } from "../../ui/use-media-query.ts";
import type { EmojiCompletion } from "../emoji/complete-emoji.ts";
import { replaceRange } from "./insert-text.ts";
import { shortcodeBefore } from "./suggestion.ts";
import { loadCompletion } from "./use-suggestions.ts";
import { useCompletion } from "./use-completion.ts";

const SuggestionList = lazyWithTexts(async () => (await import("./suggestion-list.tsx")).SuggestionList);

export interface MessageInputProps {
  /** Server whose members are suggested after an `@`; null: the people of the private channel. */
  serverId: number | null;
  channelId: number;
  /** Accessible name and placeholder. */
  label: string;
  value: string;
  onChange: (text: string) => void;
  /** Called on Enter, except on touch screens, where Enter inserts a line break and only a button submits. */
  onSubmit: () => void;
  /** Called on Escape. */
  onCancel?: (() => void) | undefined;
  /** Called on arrow-up in an empty field. */
  onArrowUp?: () => void;
  onPaste?: ClipboardEventHandler;
  /** Focuses the field on mount, with the caret at the end. */
  autoFocus?: boolean;
  describedBy?: string | undefined;
  isInvalid?: boolean;
  ref?: RefObject<HTMLTextAreaElement | null>;
  className?: string;
}

/** Classes of the box around a field and its buttons. */
export const messageBoxClass =
  "rounded-lg border border-line-strong bg-field transition-colors focus-within:border-focus";

/** A text field for a message: grows with its text and completes `@names` and `:emoji:`. */
export function MessageInput({ ref, className, autoFocus = false, ...props }: MessageInputProps) {
  const { serverId, channelId, label, value, onSubmit, onCancel, onArrowUp } = props;
  const own = useRef<HTMLTextAreaElement>(null);
  const area = ref ?? own;
  const completion = useCompletion({ serverId, channelId, value, area });
  const isTouch = useTouch();
  const change = useChange(props, area);
  useAutoHeight(area, value);
  useEffect(() => {
    if (autoFocus && !isInOverlay(document.activeElement)) focusAtEnd(area.current);
  }, [autoFocus, area]);

  function onKeyDown(event: KeyboardEvent): void {
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (completion.handleKey(event)) event.stopPropagation();
    else if (event.key === "Enter" && !event.shiftKey && !event.altKey && !isTouch) onSubmit();
    else if (event.key === "Escape" && onCancel) onCancel();
    else if (event.key === "ArrowUp" && isPlain && value === "" && onArrowUp) onArrowUp();
    else return;
    event.preventDefault();
  }

  return (
    <div className={cx("relative flex min-w-0 flex-1", className)}>
      {completion.isOpen && (
        <LazyPart failed={null}>
          <SuggestionList completion={completion} />
        </LazyPart>
      )}
      <textarea
        ref={area}
        rows={1}
        dir="auto"
        value={value}
        aria-label={label}
        placeholder={label}
        aria-describedby={props.describedBy}
        aria-invalid={props.isInvalid}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={completion.isOpen ? completion.listId : undefined}
        aria-activedescendant={completion.isOpen ? completion.optionId(completion.activeIndex) : undefined}
        enterKeyHint={isTouch ? "enter" : "send"}
        onChange={(event) => {
          change(event);
          completion.follow(event.currentTarget);
        }}
        onSelect={(event) => completion.isOpen && completion.follow(event.currentTarget)}
        onBlur={() => completion.follow(null)}
        onKeyDown={onKeyDown}
        onPaste={props.onPaste}
        className="max-h-[min(24rem,var(--field-most,40dvh))] w-full resize-none overflow-y-auto bg-transparent py-2.5 text-base outline-none placeholder:truncate placeholder:text-faint pointer-coarse:text-[1rem]"
      />
    </div>
  );
}

/** Reports the text, and replaces a `:name:` that has just been completed by its emoji. */
function useChange(
  { onChange, serverId }: Pick<MessageInputProps, "onChange" | "serverId">,
  area: RefObject<HTMLTextAreaElement | null>,
) {
  const { i18n } = useTranslation();
  const client = useClient();
  return ({ currentTarget: { value, selectionStart: caret } }: ChangeEvent<HTMLTextAreaElement>) => {
    onChange(value);
    const code = shortcodeBefore(value, caret);
    if (!code) return;
    const complete = ({ named }: EmojiCompletion) => {
      const emoji = named(emojisFrom(client.store.getState(), serverId), code.name);
      const isAsTyped = area.current?.value === value && area.current.selectionStart === caret;
      if (emoji && isAsTyped) replaceRange(area.current!, code.start, caret, emoji);
    };
    // If the list cannot be loaded, the name stays as typed.
    loadCompletion(i18n.language).then(complete, () => {});
  };
}

/** Sets the field's height to that of its text, and measures again when the width changes. */
function useAutoHeight(area: RefObject<HTMLTextAreaElement | null>, value: string): void {
  useLayoutEffect(() => fit(area.current), [area, value]);
  useEffect(() => {
    let width = 0;
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width !== width) fit(area.current);
      width = entry?.contentRect.width ?? width;
    });
    if (area.current) observer.observe(area.current);
    return () => observer.disconnect();
  }, [area]);
}

function fit(area: HTMLTextAreaElement | null): void {
  // An empty field has its one row; measuring it would lay the whole page out once more while it opens.
  if (area && area.value !== "") measure(area, area.parentElement!);
  else if (area) area.style.height = "auto";
}

/** The frame keeps its height: with a lower one, Firefox would scroll the list above away from its end. */
function measure(area: HTMLTextAreaElement, frame: HTMLElement): void {
  frame.style.height = `${frame.offsetHeight}px`;
  area.style.height = "0";
  area.style.height = `${area.scrollHeight}px`;
  frame.style.height = "";
}

export function focusAtEnd(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
}
