import { useTranslation } from "react-i18next";
import { Dialog } from "../ui/dialog.tsx";
import { commandKey as command, Kbd } from "../ui/kbd.tsx";

const shortcuts = [
  ["switcher", [command, "K"]],
  ["search", [command, "F"]],
  ["searchServer", [command, "Shift", "F"]],
  ["channel", ["Alt", "↑ ↓"]],
  ["unread", ["Alt", "Shift", "↑ ↓"]],
  ["answer", [command, "Enter"]],
  ["decline", [command, "Shift", "Enter"]],
  ["close", ["Esc"]],
  ["help", [command, "/"]],
] as const;

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("common");
  return (
    <Dialog open onOpenChange={onClose} title={t("shortcuts.title")}>
      <dl className="divide-y divide-line">
        {shortcuts.map(([name, keys]) => (
          <div key={name} className="flex items-center justify-between gap-4 py-2.5">
            <dt className="text-sm">{t(`shortcuts.${name}`)}</dt>
            <dd className="flex shrink-0 gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
