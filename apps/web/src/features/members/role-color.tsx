import { cx } from "../../ui/cx.ts";

/** A role's colour as a dot: as text, some colours could not be read. */
export function RoleColor({ color, small = false }: { color: string | null; small?: boolean }) {
  return (
    <span
      aria-hidden
      className={cx("shrink-0 rounded-full", small ? "size-2" : "size-3", color === null && "border border-faint")}
      style={color === null ? undefined : { backgroundColor: color }}
    />
  );
}
