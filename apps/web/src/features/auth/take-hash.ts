/**
 * Reads the secret of an address such as `/reset#secret` and takes it out of the address, which ends up in the history and
 * is seen over shoulders. Empty when there is none.
 */
export function takeHash(): string {
  const secret = location.hash.slice(1);
  if (secret) history.replaceState(history.state, "", location.pathname + location.search);
  return secret;
}
