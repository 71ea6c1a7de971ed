import type { Locale, ProfileBody, Theme } from "@miscord/protocol";
import { Monitor, Moon, Sun } from "lucide-react";
import { RadioGroup } from "radix-ui";
import { useTranslation } from "react-i18next";
import { useMe } from "../../core/client.ts";
import { choosePictureMotion, usePictureMotion } from "../../core/still-pictures.ts";
import { applyTheme } from "../../core/theme.ts";
import { useProfileSave } from "../../core/use-profile-save.ts";
import { changeLocale, languageNames, locales } from "../../i18n/index.ts";
import { Field } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { PanelSection } from "../../layout/panel-section.tsx";
import { OwnPreviews } from "../embeds/own-previews.tsx";
import { DesktopSection } from "./desktop-section.tsx";

const themes = [
  { value: "system", icon: Monitor },
  { value: "dark", icon: Moon },
  { value: "light", icon: Sun },
] as const;

const languages = locales.map((value) => ({ value, label: languageNames[value] }));

export function AppearancePanel() {
  const { t, i18n } = useTranslation("settings");
  const me = useMe();
  const { motion } = usePictureMotion();
  const motions = (["system", "still"] as const).map((value) => ({ value, label: t(`motion.${value}`) }));
  const { pending, choose } = useProfileSave();
  const save = (change: ProfileBody) => void choose({ ...pending, ...change });
  // Theme and language apply at once; the profile is saved afterwards.
  const chooseTheme = (theme: Theme) => {
    applyTheme(theme);
    save({ theme });
  };
  const chooseLocale = (locale: Locale) => {
    void changeLocale(locale, { remember: true });
    save({ locale });
  };
  return (
    <>
      <PanelSection title={t("theme.title")}>
        <RadioGroup.Root
          aria-label={t("theme.title")}
          value={pending?.theme ?? me.theme}
          onValueChange={(theme) => chooseTheme(theme as Theme)}
          className="grid gap-2 sm:grid-cols-3"
        >
          {themes.map(({ value, icon: Icon }) => (
            <RadioGroup.Item
              key={value}
              value={value}
              className="flex h-11 items-center gap-2.5 rounded-md border border-line-strong px-3 text-sm font-medium transition-colors hover:bg-hover data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
            >
              <Icon size={17} aria-hidden className="text-muted" />
              {t(`theme.${value}`)}
            </RadioGroup.Item>
          ))}
        </RadioGroup.Root>
      </PanelSection>
      <PanelSection title={t("language.title")}>
        <Field label={t("language.title")} hideLabel className="max-w-70">
          <Select value={i18n.language as Locale} onChange={chooseLocale} options={languages} />
        </Field>
      </PanelSection>
      <PanelSection title={t("motion.title")} hint={t("motion.hint")}>
        <Field label={t("motion.title")} hideLabel className="max-w-70">
          <Select value={motion} onChange={choosePictureMotion} options={motions} />
        </Field>
      </PanelSection>
      <OwnPreviews />
      <DesktopSection />
    </>
  );
}
