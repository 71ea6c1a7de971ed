import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import { cx } from "./cx.ts";
import { useFieldControl } from "./field.tsx";
import { controlClass } from "./input.tsx";

interface SelectOption<Value extends string> {
  value: Value;
  label: string;
}

export interface SelectProps<Value extends string> {
  value: Value;
  onChange: (value: NoInfer<Value>) => void;
  options: readonly SelectOption<Value>[];
  disabled?: boolean;
  /** Accessible name; required outside a Field. */
  label?: string;
}

export function Select<Value extends string>({
  value,
  onChange,
  options,
  disabled = false,
  label,
}: SelectProps<Value>) {
  const control = useFieldControl();
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as Value)} disabled={disabled}>
      <Radix.Trigger
        {...control}
        aria-label={label}
        className={cx(controlClass, "flex h-10 items-center justify-between gap-2 text-left")}
      >
        <span className="truncate">
          <Radix.Value />
        </span>
        <Radix.Icon className="text-muted">
          <ChevronDown size={16} aria-hidden />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="animate-in z-60 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) overflow-hidden rounded-md bg-overlay p-1 shadow-overlay"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                className="flex min-h-9 items-center justify-between gap-6 rounded-sm px-2.5 text-sm outline-none data-[highlighted]:bg-active"
              >
                <Radix.ItemText>{option.label}</Radix.ItemText>
                <Radix.ItemIndicator className="text-link">
                  <Check size={16} aria-hidden />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
