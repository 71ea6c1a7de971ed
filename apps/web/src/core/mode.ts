import type { Mode } from "@miscord/client";
import { stored } from "./stored.ts";

/** A choice of this browser, not of the person: where an old proxy stands in between, it does for all who come by it. */
export function rememberedMode(): Mode {
  return stored.get("mode") === "legacy" ? "legacy" : "enhanced";
}

export function rememberMode(mode: Mode): void {
  stored.set("mode", mode);
}
