import type { LookupAddress } from "node:dns";
import { networkInterfaces } from "node:os";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { resolveName } from "./resolve-name.ts";

/** Which addresses may be called, and how names become addresses. Tests pass others; no setting does. */
export interface AddressRules {
  resolve(host: string): Promise<readonly LookupAddress[]>;
  isPermitted(address: string): boolean | Promise<boolean>;
  /** `port`: empty for that of the scheme, 80 or 443. */
  isPermittedPort(port: string): boolean | Promise<boolean>;
  /** Certificate authorities in place of those that Node trusts. */
  ca?: string;
}

/** All IPv6 addresses that are given to anybody for the internet. */
const globalIpv6 = ipaddr.parseCIDR("2000::/3") as [ipaddr.IPv6, number];

/**
 * The internet: no addresses of private, local, link-local, shared, mapped, translated, tunnelled or documentation networks,
 * nor multicast; none of this machine, which its firewall lets through; and no port but that of the scheme.
 */
export const publicAddresses = {
  resolve: resolveName,
  isPermitted(address: string) {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    if (parsed.range() !== "unicast" || (parsed instanceof ipaddr.IPv6 && !parsed.match(globalIpv6))) return false;
    const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    return !own.some((other) => ipaddr.process(other.address).toString() === parsed.toString());
  },
  isPermittedPort: (port: string) => port === "",
} satisfies AddressRules;

/** The address is none that this server calls. */
export class AddressRefused extends Error {
  override name = "AddressRefused";
}

type Found = readonly [LookupAddress, ...LookupAddress[]];

/** Of a name, that are looked at. An answer of a name server has room for thousands, and each is compared with all of this machine. */
const mostAddresses = 16;

/** The permitted addresses of a name or of a literal address. Rejects with `AddressRefused` when there is none. */
export async function permittedAddresses(rules: AddressRules, host: string): Promise<Found> {
  const family = isIP(host);
  const found = family === 0 ? await rules.resolve(host) : [{ address: host, family }];
  const looked = found.slice(0, mostAddresses);
  const isPermitted = await Promise.all(looked.map(async ({ address }) => rules.isPermitted(address)));
  const [first, ...others] = looked.filter((_, index) => isPermitted[index]);
  if (!first) throw new AddressRefused("not an address in the public internet");
  return [first, ...others];
}

/** For a socket that connects: what a name resolves to now is checked and then used, so an earlier answer counts for nothing. */
export function guardedLookup(rules: AddressRules): LookupFunction {
  return (host, options, done) => void lookUp(rules, host, options.all === true, done);
}

async function lookUp(
  rules: AddressRules,
  host: string,
  isAll: boolean,
  done: Parameters<LookupFunction>[2],
): Promise<void> {
  let found: Found;
  try {
    found = await permittedAddresses(rules, host);
  } catch (error) {
    return done(error as NodeJS.ErrnoException, "");
  }
  if (isAll) done(null, [...found]);
  else done(null, found[0].address, found[0].family);
}

/** A literal address is connected to without a lookup, so it is checked before. Rejects with `AddressRefused`. */
export async function requireLiteralPermitted(rules: AddressRules, url: URL): Promise<void> {
  if (isIP(hostOf(url)) !== 0) await permittedAddresses(rules, hostOf(url));
}

/** Without the brackets of an IPv6 address. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}
