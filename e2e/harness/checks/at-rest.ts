import type { Page } from "playwright-core";

/** Waits until finite animations have ended, because half-faded text fails the contrast check. Endless animations go on. */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const finite = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(finite.map(({ finished }) => finished));
  });
}
