const key = "miscord.claim";

/**
 * The token of `/claim#token`. It moves from the address, which ends up in the history and in other people's view, to
 * this tab's storage, where it survives a detour over the login page.
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
    // Then it was never kept.
  }
}
