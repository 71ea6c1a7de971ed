import { useTranslation } from "react-i18next";
import { Menu } from "../../ui/menu.tsx";
import { type EmojiData, type SkinTone, skinTones, withSkinTone } from "./emoji-data.ts";

interface SkinToneMenuProps {
  data: EmojiData;
  skinTone: SkinTone;
  onChange: (tone: SkinTone) => void;
}

export function SkinToneMenu({ data, skinTone, onChange }: SkinToneMenuProps) {
  const { t } = useTranslation("chat");
  const hand = data.entries.find(({ emoji }) => emoji === "✋");
  const handOf = (tone: SkinTone) => (hand ? withSkinTone(hand, tone) : "✋");
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
          {handOf(skinTone)}
        </button>
      }
      entries={skinTones.map((tone) => ({
        label: handOf(tone),
        checked: tone === skinTone,
        onSelect: () => onChange(tone),
      }))}
    />
  );
}
