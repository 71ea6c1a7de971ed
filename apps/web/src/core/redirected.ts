/** State of a history entry that a redirect has made. */
export const redirected = { isRedirected: true };

/** Whether a redirect has just led here. False from then on, also for who comes back to the entry. */
export function takeRedirect(): boolean {
  const isRedirected = (history.state as typeof redirected | null)?.isRedirected ?? false;
  if (isRedirected) history.replaceState(null, "");
  return isRedirected;
}
