import { stored } from "../../core/stored.ts";

export const shareHeights = [720, 1080, 1440] as const;
export const shareRates = [5, 15, 30, 60] as const;

export interface ShareChoice {
  /** Height in lines; larger screens are scaled down. */
  height: (typeof shareHeights)[number];
  frameRate: (typeof shareRates)[number];
}

const storageKey = "share";

export function rememberedChoice(): ShareChoice {
  const [height, frameRate] = (stored.get(storageKey) ?? "").split("x").map(Number);
  return {
    height: shareHeights.find((one) => one === height) ?? 1080,
    frameRate: shareRates.find((one) => one === frameRate) ?? 15,
  };
}

export function rememberChoice({ height, frameRate }: ShareChoice): void {
  stored.set(storageKey, `${height}x${frameRate}`);
}
