import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { atRest } from "./at-rest.ts";

/** axe finds nothing serious or critical in what the page shows now; the failure names the rule and the elements. */
export async function expectAccessible(page: Page): Promise<void> {
  await atRest(page);
  // Legacy mode opens no second page to collect the results of iframes, and the app has none.
  // Describing each element that passes would double the time.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });
  const { violations } = await axe.analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const names = grave.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  expect(
    grave.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html, target }) => ({ target, html })) })),
    names.join("; "),
  ).toEqual([]);
}
