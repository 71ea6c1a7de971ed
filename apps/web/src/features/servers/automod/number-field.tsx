import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";

interface NumberFieldProps {
  label: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}

/** A whole number. What is out of the range becomes the nearest one that is not, when the field is left. */
export function NumberField({ label, value, min, max, onChange }: NumberFieldProps) {
  return (
    <Field label={label}>
      <Input
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        value={Number.isNaN(value) ? "" : value}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        onBlur={() => onChange(Math.min(max, Math.max(min, Math.round(value) || min)))}
      />
    </Field>
  );
}
