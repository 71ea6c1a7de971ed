import type { ComponentProps } from "react";
import { cx } from "./cx.ts";
import { useFieldControl } from "./field.tsx";
import { controlClass } from "./input.tsx";

export function TextArea({ className, rows = 3, ...rest }: ComponentProps<"textarea">) {
  const control = useFieldControl();
  return <textarea {...control} rows={rows} className={cx(controlClass, "resize-none py-2", className)} {...rest} />;
}
