import { cx } from "../../ui/cx.ts";

/** The user or group that an `@name` in a message mentions. */
export interface MentionTarget {
  label: string;
  /** Whether the mention includes the current user, by name or by @everyone. */
  isMe: boolean;
}

export function MentionChip({ target, name }: { target: MentionTarget; name: string }) {
  return (
    <span
      title={`@${name}`}
      className={cx(
        "rounded-sm px-0.75 font-medium text-link",
        target.isMe ? "bg-accent text-on-accent" : "bg-accent-soft",
      )}
    >
      @<bdi>{target.label}</bdi>
    </span>
  );
}
