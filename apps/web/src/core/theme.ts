import type { Theme } from "@miscord/protocol";
import { stored } from "./stored.ts";

const themes = ["system", "dark", "light"] as const;
const prefersLight = "(prefers-color-scheme: light)";
/** Colours of the browser's own bars: the `sunken` token of each theme. */
const barColors = { dark: "#161412", light: "#f2efeb" } as const;

function storedTheme(): Theme {
  const theme = stored.get("theme");
  return themes.find((known) => known === theme) ?? "system";
}

/** Applies a theme and stores it for the first paint of the next visit (public/start.js). */
export function applyTheme(theme: Theme): void {
  stored.set("theme", theme);
  const light = theme === "light" || (theme === "system" && matchMedia(prefersLight).matches);
  const shown = light ? "light" : "dark";
  document.documentElement.dataset["theme"] = shown;
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", barColors[shown]);
}

export function followSystemTheme(): void {
  applyTheme(storedTheme());
  matchMedia(prefersLight).addEventListener("change", () => applyTheme(storedTheme()));
}
