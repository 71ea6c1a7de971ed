import type { Page } from "playwright-core";
import { expect } from "vitest";

/**
 * Everything on the page that can be clicked can be reached by keyboard: it has the focus in its turn, or it is an item
 * of a widget that has, in which arrow keys move. The failure shows the elements that are left out.
 */
export async function expectReachable(page: Page): Promise<void> {
  expect(await page.evaluate(unreachable)).toEqual([]);
}

/** Runs in the page. */
function unreachable(): string[] {
  const controls = "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]";
  const widgets = "[role=tablist], [role=toolbar], [role=listbox], [role=grid], [role=radiogroup], [role=list], ul, ol";
  const layer =
    [...document.querySelectorAll("[role=dialog], [role=alertdialog], [role=menu]")].at(-1) ?? document.body;
  const isShown = (element: Element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.closest("[inert]");
  const isStop = (element: Element) => element.matches(controls) && (element as HTMLElement).tabIndex >= 0;
  const holdsStop = (element: Element) => [...element.querySelectorAll(controls)].some(isStop);
  /** Of a field that keeps the focus while arrow keys move in its list. */
  const isOfField = ({ id }: Element) =>
    id !== "" &&
    [...document.querySelectorAll("[aria-controls]")].some((one) => one.matches(`[aria-controls="${id}"]`));
  /** In a menu, which has the focus itself; in a widget that has a turn, or beside another of its items that has one. */
  const isItem = (element: Element) => {
    const widget = element.closest(widgets);
    return (
      element.closest("[role=menu]") !== null ||
      (widget !== null && (isStop(widget) || holdsStop(widget) || isOfField(widget)))
    );
  };
  const isPointed = (element: Element) =>
    getComputedStyle(element).cursor === "pointer" &&
    getComputedStyle(element.parentElement ?? document.body).cursor !== "pointer";
  const isControl = (element: Element) =>
    element.matches("a[href], button, [role=button], [role=link], [role=tab], [role=option], [role=switch]");
  const isServed = (element: Element) =>
    isStop(element) || isItem(element) || (!isControl(element) && (holdsStop(element) || !!element.closest(controls)));
  return [...layer.querySelectorAll("*")]
    .filter((element) => (isControl(element) || isPointed(element)) && isShown(element))
    .filter((element) => !element.matches(":disabled, [aria-disabled=true]") && !element.closest("[aria-hidden=true]"))
    .filter((element) => !isServed(element))
    .map((element) => element.outerHTML.slice(0, 200));
}
