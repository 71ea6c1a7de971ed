import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { atRest } from "./at-rest.ts";

/** Nothing serious or critical on what the page shows now; the message names rule and elements. */
export async function expectAccessible(page: Page): Promise<void> {
  await atRest(page);
  // Legacy: without a second page for the results of frames, of which there are none here.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(
    grave.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html, target }) => ({ target, html })) })),
  ).toEqual([]);
}
