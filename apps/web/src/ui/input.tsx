import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";
import { useFieldControl } from "./field.tsx";

/** Sixteen pixels on touch screens: below that iOS zooms into the field. */
export const controlClass = cx(
  "w-full rounded-md border border-line-strong bg-field px-3 text-base text-ink transition-colors pointer-coarse:text-[1rem]",
  "placeholder:text-faint hover:border-faint focus-visible:border-transparent focus-visible:outline-offset-0",
  "aria-invalid:border-danger-ink disabled:opacity-60",
);

export interface InputProps extends ComponentProps<"input"> {
  /** Sits inside the field's right edge. */
  trailing?: ReactNode;
}

export function Input({ trailing, className, ...rest }: InputProps) {
  const control = useFieldControl();
  const input = (
    <input {...control} className={cx(controlClass, "h-10", Boolean(trailing) && "pr-11", className)} {...rest} />
  );
  if (!trailing) return input;
  return (
    <div className="relative">
      {input}
      <div className="absolute inset-y-0 right-1 flex items-center">{trailing}</div>
    </div>
  );
}
