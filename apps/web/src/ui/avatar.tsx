import type { ChosenStatus, Status, User } from "@miscord/protocol";
import { inkOn } from "./contrast.ts";
import { cx } from "./cx.ts";
import { initials } from "./initials.ts";
import { Picture } from "./picture.tsx";
import { StatusDot } from "./status-dot.tsx";

const sizes = {
  16: "size-4 text-[7px]",
  24: "size-6 text-[10px]",
  32: "size-8 text-xs",
  40: "size-10 text-sm",
  72: "size-18 text-2xl",
  128: "size-32 text-[44px]",
} as const;

export interface AvatarProps {
  user: Pick<User, "display_name" | "avatar_color" | "avatar_url">;
  /** Edge length in CSS pixels. */
  size?: keyof typeof sizes;
  status?: Status | ChosenStatus | undefined;
  /** Background behind the avatar; the status dot has a ring of this colour. */
  ground?: "sunken" | "surface" | "overlay";
  className?: string;
}

const rings = { sunken: "bg-sunken", surface: "bg-surface", overlay: "bg-overlay" } as const;

/** Hidden from screen readers, since the name is always shown beside it. */
export function Avatar({ user, size = 32, status, ground = "surface", className }: AvatarProps) {
  return (
    <span aria-hidden className={cx("relative inline-flex shrink-0 select-none", className)}>
      <Picture url={user.avatar_url} className={cx("rounded-full", sizes[size])}>
        <span
          style={{ backgroundColor: user.avatar_color, color: inkOn(user.avatar_color) }}
          className={cx("flex items-center justify-center rounded-full font-semibold", sizes[size])}
        >
          {initials(user.display_name)}
        </span>
      </Picture>
      {status && (
        <span className={cx("absolute -bottom-0.5 -right-0.5 rounded-full p-0.5", rings[ground])}>
          <StatusDot status={status} size={size >= 72 ? 16 : 10} />
        </span>
      )}
    </span>
  );
}
