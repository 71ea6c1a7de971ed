/**
 * What takes the focus by itself, because it arrives late, takes nobody out of what they have opened meanwhile: losing
 * the focus would close it.
 */
export function isInOverlay(element: Element | null): boolean {
  return Boolean(element?.closest(':is([role="dialog"], [role="menu"])[data-state="open"]'));
}
