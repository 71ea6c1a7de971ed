import type { Page } from "playwright-core";

/** Half-faded text has a contrast of its own: what moves comes to its end first. Endless animations don't. */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const finite = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(finite.map(({ finished }) => finished));
  });
}
