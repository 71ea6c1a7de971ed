import { useEffect } from "react";
import { changeLocale } from "../i18n/index.ts";
import { useClientState } from "../core/client.ts";
import { applyTheme } from "../core/theme.ts";

/** The profile's theme and language replace those of this browser as soon as the profile is loaded. */
export function usePreferences(): void {
  const theme = useClientState((state) => state.session.me?.theme);
  const locale = useClientState((state) => state.session.me?.locale);
  useEffect(() => {
    if (theme) applyTheme(theme);
  }, [theme]);
  useEffect(() => {
    if (locale) void changeLocale(locale);
  }, [locale]);
}
