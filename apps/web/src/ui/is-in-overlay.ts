/**
 * Whether an element is in an open overlay. An element that takes the focus late, after loading, must leave the focus
 * in an overlay: menus and popovers close when they lose it.
 */
export function isInOverlay(element: Element | null): boolean {
  return Boolean(element?.closest(':is([role="dialog"], [role="menu"])[data-state="open"]'));
}
