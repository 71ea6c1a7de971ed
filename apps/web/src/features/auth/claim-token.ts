const key = "miscord.claim";

/**
 * Reads the token of `/claim#token`. The token is moved from the address, which ends up in the history and can be seen
 * by others, to the tab's storage, where it survives a detour over the login page.
 */
export function takeClaimToken(): string | null {
  const token = decodeURIComponent(location.hash.slice(1));
  try {
    if (token) sessionStorage.setItem(key, token);
  } catch {
    return token || null;
  }
  if (token) history.replaceState(history.state, "", location.pathname + location.search);
  return sessionStorage.getItem(key);
}

export function forgetClaimToken(): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Storage is forbidden, so there is no stored token to remove.
  }
}
