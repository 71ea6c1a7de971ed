/** Pages whose secret survives a detour over the login page. */
type Page = "claim" | "confirm-email";

const keyOf = (page: Page) => `miscord.${page}`;

/**
 * Reads the secret of an address like `/claim#secret`. It is moved from the address, which ends up in the history and can
 * be seen by others, to the tab's storage.
 */
export function takeKeptHash(page: Page): string | null {
  const secret = decodeURIComponent(location.hash.slice(1));
  try {
    if (secret) sessionStorage.setItem(keyOf(page), secret);
  } catch {
    return secret || null;
  }
  if (secret) history.replaceState(history.state, "", location.pathname + location.search);
  return sessionStorage.getItem(keyOf(page));
}

export function forgetKeptHash(page: Page): void {
  try {
    sessionStorage.removeItem(keyOf(page));
  } catch {
    // Storage is forbidden, so there is no stored secret to remove.
  }
}
