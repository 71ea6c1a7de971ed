import type { LookupAddress } from "node:dns";
import { Resolver } from "node:dns/promises";

/** For all that is asked about one name. */
const deadlineMs = 3_000;
const askAgainAfterMs = 1_000;

/**
 * The addresses of a name that somebody else chose, asked of the machine's name servers, or of `servers`. Never by `dns.lookup`:
 * that takes one of few threads until the system gives up, so one name whose servers never answer keeps all other names of the
 * process waiting. Knows no `/etc/hosts` and no search domains.
 */
export async function resolveName(host: string, servers?: readonly string[]): Promise<LookupAddress[]> {
  const resolver = new Resolver({ timeout: askAgainAfterMs, tries: 2 });
  if (servers) resolver.setServers(servers);
  const deadline = setTimeout(() => resolver.cancel(), deadlineMs);
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  clearTimeout(deadline);
  if (four.status === "rejected" && six.status === "rejected") throw four.reason;
  return [...found(four, 4), ...found(six, 6)];
}

function found(answer: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] {
  return answer.status === "fulfilled" ? answer.value.map((address) => ({ address, family })) : [];
}
