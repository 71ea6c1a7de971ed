import type { EmojiPickerListComponents } from "frimousse";

/** Components of frimousse's list. Defined once: new component types would mount every emoji again. */
export const emojiListParts: Partial<EmojiPickerListComponents> = {
  CategoryHeader: ({ category, ...props }) => (
    <div {...props} className="bg-overlay px-1.5 pb-1 pt-2 text-xs font-medium text-faint">
      {category.label}
    </div>
  ),
  Row: ({ children, ...props }) => (
    <div {...props} className="scroll-my-1.5">
      {children}
    </div>
  ),
  Emoji: ({ emoji, ...props }) => (
    <button
      type="button"
      {...props}
      className="flex aspect-square flex-1 items-center justify-center rounded-md text-[1.375rem] data-active:bg-active"
    >
      {emoji.emoji}
    </button>
  ),
};
