import type { MonitorScope } from "@miscord/protocol";
import { RadioGroup } from "radix-ui";
import { useTranslation } from "react-i18next";

const scopes = ["instance", "node"] as const satisfies readonly MonitorScope[];

interface ScopeSwitchProps {
  of: MonitorScope;
  /** Name of the node that answers. */
  node: string;
  /** Whether it is known what is usual for it; null while that is being loaded. */
  isKnown: boolean | null;
  onChange: (of: MonitorScope) => void;
}

/** Whether the graphs are those of all nodes together or of one. */
export function ScopeSwitch({ of, node, isKnown, onChange }: ScopeSwitchProps) {
  const { t } = useTranslation("monitor");
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <RadioGroup.Root
        aria-label={t("scope.label")}
        value={of}
        onValueChange={(chosen) => onChange(chosen as MonitorScope)}
        className="flex max-w-full rounded-md bg-active p-0.5"
      >
        {scopes.map((each) => (
          <RadioGroup.Item
            key={each}
            value={each}
            className="h-7 min-w-0 truncate rounded-sm px-2.5 text-xs font-medium text-muted transition-colors hover:text-ink data-[state=checked]:bg-surface data-[state=checked]:text-ink"
          >
            {t(`scope.${each}`, { node })}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      <p className="text-xs text-muted">
        {t(`scope.explained.${of === "node" && isKnown === false ? "learning" : of}`)}
      </p>
    </div>
  );
}
