import type { ComponentProps } from "react";
import { cx } from "../../ui/cx.ts";
import { useFieldControl } from "../../ui/field.tsx";
import { controlClass } from "../../ui/input.tsx";

/** Several lines of text, inside a Field. */
export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea {...useFieldControl()} rows={4} className={cx(controlClass, "resize-y py-2", className)} {...rest} />
  );
}
