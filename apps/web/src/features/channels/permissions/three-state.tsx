import { Check, Slash, X, type LucideIcon } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../../../ui/cx.ts";
import type { ThreeState } from "./override-draft.ts";

const states: readonly (readonly [ThreeState, LucideIcon, string])[] = [
  ["deny", X, "has-checked:bg-danger has-checked:text-on-danger"],
  ["inherit", Slash, "has-checked:bg-active has-checked:text-ink"],
  ["allow", Check, "has-checked:bg-accent has-checked:text-on-accent"],
];

interface ThreeStateProps {
  label: string;
  hint: string;
  value: ThreeState;
  onChange: (value: ThreeState) => void;
  disabled: boolean;
}

/** One permission of an override. The three states are radio buttons: arrow keys choose. */
export function ThreeStateRow({ label, hint, value, onChange, disabled }: ThreeStateProps) {
  const { t } = useTranslation("rights");
  const id = useId();
  return (
    <div
      role="radiogroup"
      aria-labelledby={`${id}-label`}
      aria-describedby={`${id}-hint`}
      className="flex items-start justify-between gap-4 py-2"
    >
      <div className="min-w-0">
        <p id={`${id}-label`} className="text-base font-medium">
          {label}
        </p>
        <p id={`${id}-hint`} className="text-sm text-faint">
          {hint}
        </p>
      </div>
      <div className="flex shrink-0 overflow-hidden rounded-md border border-line">
        {states.map(([state, Icon, checkedClass]) => (
          <label
            key={state}
            className={cx(
              "flex h-9 w-10 cursor-pointer items-center justify-center text-muted has-disabled:cursor-default has-disabled:opacity-50",
              "has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-focus",
              checkedClass,
            )}
          >
            <input
              type="radio"
              name={id}
              value={state}
              aria-label={t(`channel.${state}`)}
              checked={value === state}
              disabled={disabled}
              onChange={() => onChange(state)}
              className="sr-only"
            />
            <Icon size={16} aria-hidden />
          </label>
        ))}
      </div>
    </div>
  );
}
