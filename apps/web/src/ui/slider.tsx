import { Slider as Radix } from "radix-ui";
import { cx } from "./cx.ts";

export interface SliderProps {
  value: number;
  onChange: (value: number) => void;
  min: number;
  max: number;
  step?: number;
  label: string;
  /** The value as text for screen readers. */
  valueText?: string;
  disabled?: boolean;
  className?: string;
}

export function Slider({ value, onChange, min, max, step = 1, label, valueText, disabled, className }: SliderProps) {
  return (
    <Radix.Root
      value={[value]}
      onValueChange={([next]) => next !== undefined && onChange(next)}
      min={min}
      max={max}
      step={step}
      disabled={disabled ?? false}
      className={cx("relative flex h-6 touch-none select-none items-center data-[disabled]:opacity-50", className)}
    >
      <Radix.Track className="relative h-1.5 grow rounded-full bg-active">
        <Radix.Range className="absolute h-full rounded-full bg-accent" />
      </Radix.Track>
      <Radix.Thumb
        aria-label={label}
        aria-valuetext={valueText}
        className="block size-4.5 rounded-full border-2 border-surface bg-accent transition-colors hover:bg-accent-hover"
      />
    </Radix.Root>
  );
}
