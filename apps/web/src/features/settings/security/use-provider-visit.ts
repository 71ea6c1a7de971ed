import { providerCalls } from "@miscord/client";
import type { ProviderPurpose } from "@miscord/protocol";
import { useClient } from "../../../core/client.ts";
import { paths, safeNext } from "../../../core/paths.ts";

const returnKey = "miscord.return";

/** Leaves the page for that of a login provider. `next`: the path to open when the browser is back. Rejects when the provider does not answer. */
export function useProviderVisit(): (
  provider: string,
  options: { purpose?: ProviderPurpose; next: string },
) => Promise<void> {
  const client = useClient();
  return async (provider, { purpose, next }) => {
    const calls = providerCalls(client.rest);
    const { url } = await (purpose ? calls.beginAs(provider, purpose) : calls.begin(provider));
    sessionStorage.setItem(returnKey, next);
    location.assign(url);
  };
}

/** Where the visitor wanted to go. */
export function nextAfterVisit(): string {
  const next = safeNext(sessionStorage.getItem(returnKey));
  return next.startsWith(paths.continue) ? paths.home : next;
}
