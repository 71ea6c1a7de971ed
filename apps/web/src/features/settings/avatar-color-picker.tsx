import { Check } from "lucide-react";
import { RadioGroup } from "radix-ui";
import { useTranslation } from "react-i18next";
import { inkOn } from "../../ui/contrast.ts";
import { cx } from "../../ui/cx.ts";

/** Colours that are easy to tell apart, each with readable initials. */
const colors = {
  "#d9534f": "red",
  "#e07b39": "orange",
  "#d9a520": "amber",
  "#6f9e3c": "olive",
  "#2f9e6e": "green",
  "#1f9ea8": "teal",
  "#3d87d6": "blue",
  "#5b6bd6": "indigo",
  "#8e5bd0": "violet",
  "#c2559d": "pink",
  "#8a6f5a": "brown",
  "#66707a": "slate",
} as const;

export interface AvatarColorPickerProps {
  value: string;
  onChange: (color: string) => void;
}

export function AvatarColorPicker({ value, onChange }: AvatarColorPickerProps) {
  const { t } = useTranslation("settings");
  const isOwn = !(value in colors);
  return (
    <div>
      <p id="avatar-color" className="mb-2 text-sm font-medium">
        {t("profile.color")}
      </p>
      <div className="flex flex-wrap items-center gap-1.5">
        <RadioGroup.Root
          aria-labelledby="avatar-color"
          value={value}
          onValueChange={onChange}
          className="flex flex-wrap gap-1.5"
        >
          {Object.entries(colors).map(([color, name]) => (
            <RadioGroup.Item
              key={color}
              value={color}
              aria-label={t(`color.${name}`)}
              style={{ backgroundColor: color, color: inkOn(color) }}
              className="flex size-9 items-center justify-center rounded-full md:size-7.5"
            >
              <RadioGroup.Indicator>
                <Check size={18} strokeWidth={3} aria-hidden />
              </RadioGroup.Indicator>
            </RadioGroup.Item>
          ))}
        </RadioGroup.Root>
        <label
          className={cx(
            "relative flex h-9 items-center gap-2 rounded-full border px-3 text-sm hover:text-ink has-focus-visible:outline-2 has-focus-visible:outline-focus md:h-7.5",
            isOwn ? "border-accent bg-accent-soft text-ink" : "border-line-strong text-muted",
          )}
        >
          <span
            aria-hidden
            style={isOwn ? { background: value } : undefined}
            className="size-4 rounded-full bg-[conic-gradient(#d9534f,#d9a520,#2f9e6e,#3d87d6,#8e5bd0,#d9534f)]"
          />
          {t("profile.ownColor")}
          <input
            type="color"
            value={value}
            onChange={(event) => onChange(event.target.value.toLowerCase())}
            className="absolute inset-0 size-full cursor-pointer opacity-0"
          />
        </label>
      </div>
    </div>
  );
}
