import { RadioGroup } from "radix-ui";

export interface ChoiceRowProps<Value extends string> {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  choices: readonly { value: Value; label: string }[];
}

/** A few options side by side, one of them chosen. */
export function ChoiceRow<Value extends string>({ label, value, onChange, choices }: ChoiceRowProps<Value>) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as Value)}
      className="grid auto-cols-fr gap-2 sm:grid-flow-col"
    >
      {choices.map((choice) => (
        <RadioGroup.Item
          key={choice.value}
          value={choice.value}
          className="flex min-h-11 items-center rounded-md border border-line-strong px-3 text-left text-sm font-medium transition-colors hover:bg-hover data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
        >
          {choice.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
