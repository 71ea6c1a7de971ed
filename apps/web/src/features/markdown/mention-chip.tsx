import { cx } from "../../ui/cx.ts";

/** The user or group that an `@name` in a message mentions. */
export interface MentionTarget {
  label: string;
  /** Whether the mention includes the current user, by name or by @everyone. */
  isMe: boolean;
  /** Of a role. */
  color?: string | null;
  /** Shows who it is. */
  onOpen?: () => void;
}

export function MentionChip({ target, name }: { target: MentionTarget; name: string }) {
  const Element = target.onOpen ? "button" : "span";
  return (
    <Element
      {...(target.onOpen && { type: "button", onClick: target.onOpen })}
      title={`@${name}`}
      style={target.color ? { backgroundColor: `color-mix(in oklab, ${target.color} 25%, transparent)` } : undefined}
      className={cx(
        "rounded-sm px-0.75 font-medium",
        target.color ? "text-ink" : target.isMe ? "bg-accent text-on-accent" : "bg-accent-soft text-link",
      )}
    >
      @<bdi>{target.label}</bdi>
    </Element>
  );
}
