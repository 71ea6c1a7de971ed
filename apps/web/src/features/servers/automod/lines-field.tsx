import type { ReactNode } from "react";
import { cx } from "../../../ui/cx.ts";
import { Field, useFieldControl } from "../../../ui/field.tsx";
import { controlClass } from "../../../ui/input.tsx";

interface LinesFieldProps {
  label: string;
  hint?: ReactNode;
  lines: readonly string[];
  onChange: (lines: string[]) => void;
}

/** A list that is written one entry a line. */
export function LinesField({ label, hint, lines, onChange }: LinesFieldProps) {
  return (
    <Field label={label} hint={hint}>
      <Lines lines={lines} onChange={onChange} />
    </Field>
  );
}

function Lines({ lines, onChange }: Pick<LinesFieldProps, "lines" | "onChange">) {
  const control = useFieldControl();
  return (
    <textarea
      {...control}
      rows={Math.min(8, Math.max(3, lines.length))}
      spellCheck={false}
      autoCapitalize="off"
      value={lines.join("\n")}
      onChange={(event) => onChange(event.target.value === "" ? [] : event.target.value.split("\n"))}
      className={cx(controlClass, "resize-y py-2")}
    />
  );
}
