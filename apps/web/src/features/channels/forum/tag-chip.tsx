import type { ForumTag } from "@miscord/protocol";
import { cx } from "../../../ui/cx.ts";

const chipClass = "inline-flex max-w-full items-center gap-1 rounded-full border px-2 text-xs";

/** A tag of a post. */
export function TagChip({ tag: { emoji, name } }: { tag: ForumTag }) {
  return (
    <span className={cx(chipClass, "h-5.5 border-line text-muted")}>
      {emoji && <span aria-hidden>{emoji}</span>}
      <span dir="auto" className="truncate">
        {name}
      </span>
    </span>
  );
}

interface TagChoiceProps {
  label: string;
  tags: readonly ForumTag[];
  chosen: readonly number[];
  /** At most so many can be chosen. */
  most: number;
  onChange: (chosen: readonly number[]) => void;
  className?: string;
}

/** Tags of which some are chosen, as buttons. */
export function TagChoice({ label, tags, chosen, most, onChange, className }: TagChoiceProps) {
  const toggle = (id: number) =>
    onChange(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <div role="group" aria-label={label} className={cx("flex gap-1.5", className)}>
      {tags.map(({ id, emoji, name }) => {
        const isChosen = chosen.includes(id);
        return (
          <button
            key={id}
            type="button"
            aria-pressed={isChosen}
            disabled={!isChosen && chosen.length >= most}
            onClick={() => toggle(id)}
            className={cx(
              chipClass,
              "h-8 shrink-0 px-3 transition-colors disabled:opacity-50 md:h-7",
              isChosen
                ? "border-accent bg-accent-soft text-ink"
                : "border-line text-muted hover:bg-hover hover:text-ink",
            )}
          >
            {emoji && <span aria-hidden>{emoji}</span>}
            <span dir="auto" className="truncate">
              {name}
            </span>
          </button>
        );
      })}
    </div>
  );
}
