import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";
import { useFieldControl } from "./field.tsx";

/** The font has 16 pixels on touch screens: iOS zooms into fields with smaller text. */
export const controlClass = cx(
  "w-full rounded-md border border-line-strong bg-field px-3 text-base text-ink transition-colors pointer-coarse:text-[1rem]",
  "placeholder:text-faint hover:border-faint focus-visible:border-transparent focus-visible:outline-offset-0",
  "aria-invalid:border-danger-ink disabled:opacity-60",
);

export interface InputProps extends ComponentProps<"input"> {
  /** Shown inside the field at its right edge. */
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
