/** State of a history entry that a redirect has made. */
export const redirected = { isRedirected: true };

export function isRedirected(): boolean {
  return (history.state as typeof redirected | null)?.isRedirected ?? false;
}
