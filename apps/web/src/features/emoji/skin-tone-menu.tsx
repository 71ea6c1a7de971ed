import { type SkinTone, useSkinTone } from "frimousse";
import { useTranslation } from "react-i18next";
import { Menu } from "../../ui/menu.tsx";

/** Menu of skin tones. Must be rendered inside the picker. */
export function SkinToneMenu({ onChange }: { onChange: (tone: SkinTone) => void }) {
  const { t } = useTranslation("chat");
  const [skinTone, , variations] = useSkinTone("✋");
  const current = variations.find((variation) => variation.skinTone === skinTone)?.emoji ?? "✋";
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          aria-label={t("emoji.skinTone")}
          title={t("emoji.skinTone")}
          className="flex size-9 shrink-0 items-center justify-center rounded-md text-xl hover:bg-hover data-[state=open]:bg-active"
        >
          {current}
        </button>
      }
      entries={variations.map((variation) => ({
        label: variation.emoji,
        checked: variation.skinTone === skinTone,
        onSelect: () => onChange(variation.skinTone),
      }))}
    />
  );
}
