import { cx } from "../../ui/cx.ts";

/** Who an `@name` in a message means. */
export interface MentionTarget {
  label: string;
  /** The reader, or everyone. */
  isMe: boolean;
}

export function MentionChip({ target, name }: { target: MentionTarget; name: string }) {
  return (
    <span
      title={`@${name}`}
      className={cx(
        "rounded-sm px-0.75 font-medium text-link box-decoration-clone",
        target.isMe ? "bg-accent text-on-accent" : "bg-accent-soft",
      )}
    >
      @<bdi>{target.label}</bdi>
    </span>
  );
}
