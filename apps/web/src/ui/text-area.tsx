import type { ComponentProps } from "react";
import { cx } from "./cx.ts";
import { useFieldControl } from "./field.tsx";
import { controlClass } from "./input.tsx";

/** Several lines of text, inside a Field. */
export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea {...useFieldControl()} rows={4} className={cx(controlClass, "resize-y py-2", className)} {...rest} />
  );
}
