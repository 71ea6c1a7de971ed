import type { Mode } from "@miscord/client";
import { stored } from "./stored.ts";

/**
 * The connection mode is stored in the browser, not the profile: the old proxy that requires the legacy mode is part of
 * this browser's network.
 */
export function rememberedMode(): Mode {
  return stored.get("mode") === "legacy" ? "legacy" : "enhanced";
}

export function rememberMode(mode: Mode): void {
  stored.set("mode", mode);
}
