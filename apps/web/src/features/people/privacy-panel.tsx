import type { MessagesFrom } from "@miscord/protocol";
import { RadioGroup } from "radix-ui";
import { useTranslation } from "react-i18next";
import { useMe } from "../../core/client.ts";
import { useProfileSave } from "../../core/use-profile-save.ts";
import { PanelSection } from "../../layout/panel-section.tsx";

const choices = ["everyone", "servers", "friends", "nobody"] as const satisfies readonly MessagesFrom[];

/** The panel of the settings dialog for who may write to the user. */
export function PrivacyPanel() {
  const { t } = useTranslation("people");
  const me = useMe();
  const { pending, choose } = useProfileSave();
  return (
    <PanelSection title={t("privacy.title")} hint={t("privacy.hint")}>
      <RadioGroup.Root
        aria-label={t("privacy.title")}
        value={pending?.messages_from ?? me.messages_from}
        onValueChange={(value) => void choose({ messages_from: value as MessagesFrom })}
        className="grid gap-2"
      >
        {choices.map((value) => (
          <RadioGroup.Item
            key={value}
            value={value}
            className="flex min-h-11 items-center rounded-md border border-line-strong px-3 py-2 text-left text-sm font-medium transition-colors hover:bg-hover data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
          >
            {t(`privacy.${value}`)}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </PanelSection>
  );
}
