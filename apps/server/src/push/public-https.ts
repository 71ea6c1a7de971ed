import { lookup, type LookupAddress } from "node:dns";
import { Agent, request } from "node:https";
import { networkInterfaces } from "node:os";
import { isIP, type LookupFunction } from "node:net";
import { promisify } from "node:util";
import ipaddr from "ipaddr.js";

/** Which addresses may be called, and how names become addresses. Tests pass others; no setting does. */
export interface AddressRules {
  resolve(host: string): Promise<readonly LookupAddress[]>;
  isPermitted(address: string): boolean;
  /** `port`: empty for that of https. */
  isPermittedPort(port: string): boolean;
  /** Certificate authorities in place of those that Node trusts. */
  ca?: string;
}

const resolveAll = promisify(lookup);

/** All IPv6 addresses that are given to anybody for the internet. */
const globalIpv6 = ipaddr.parseCIDR("2000::/3") as [ipaddr.IPv6, number];

/**
 * The internet: no addresses of private, local, link-local, shared, mapped or documentation networks, nor multicast; none
 * of this machine, which its firewall lets through; and no port but that of https.
 */
export const publicAddresses: AddressRules = {
  resolve: (host) => resolveAll(host, { all: true, verbatim: true }),
  isPermitted(address) {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    if (parsed.range() !== "unicast" || (parsed instanceof ipaddr.IPv6 && !parsed.match(globalIpv6))) return false;
    const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    return !own.some((other) => ipaddr.process(other.address).toString() === parsed.toString());
  },
  isPermittedPort: (port) => port === "",
};

/** The address is none that this server calls. */
export class AddressRefused extends Error {
  override name = "AddressRefused";
}

export interface Posted {
  headers: Record<string, string>;
  body: Buffer;
}

const timeoutMs = 10_000;
const maxBodyBytes = 65_536;
/** To one push service. */
const maxSockets = 16;

/**
 * Calls addresses that somebody else chose, over HTTPS and in the public internet only. The address is checked when the
 * socket connects, so a name that resolves to another address after a check gains nothing. Redirects are not followed.
 */
export class PublicHttps {
  readonly #rules: AddressRules;
  readonly #agent: Agent;

  constructor(rules: AddressRules) {
    this.#rules = rules;
    const lookup: LookupFunction = (host, options, done) => void this.#lookUp(host, options.all === true, done);
    this.#agent = new Agent({ keepAlive: true, maxSockets, lookup, ...(rules.ca !== undefined && { ca: rules.ca }) });
  }

  /** Rejects with `AddressRefused` unless the URL may be called now. */
  async check(url: string): Promise<URL> {
    const parsed = this.#plain(url);
    await this.#permitted(hostOf(parsed));
    return parsed;
  }

  /** Resolves with the status of the answer, whose body is not read. Rejects when there is none within ten seconds. */
  async post(url: string, { headers, body }: Posted): Promise<number> {
    const target = this.#plain(url);
    // A literal address is connected to without a lookup.
    if (isIP(hostOf(target)) !== 0) await this.#permitted(hostOf(target));
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const length = { "content-length": String(body.byteLength) };
      const sent = request(target, { method: "POST", headers: { ...headers, ...length }, agent: this.#agent, signal });
      sent.on("response", (answer) => {
        answer.on("error", () => {});
        // A short body leaves the connection for the next push; nobody reads a long one.
        let left = maxBodyBytes;
        answer.on("data", (chunk: Buffer) => (left -= chunk.byteLength) < 0 && answer.destroy());
        resolve(answer.statusCode ?? 0);
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #plain(url: string): URL {
    const parsed = URL.parse(url);
    if (parsed?.protocol !== "https:" || parsed.username !== "" || parsed.password !== "" || parsed.hash !== "")
      throw new AddressRefused("not a plain https address");
    if (!this.#rules.isPermittedPort(parsed.port)) throw new AddressRefused("not the port of https");
    return parsed;
  }

  async #lookUp(host: string, isAll: boolean, done: Parameters<LookupFunction>[2]): Promise<void> {
    let found: readonly [LookupAddress, ...LookupAddress[]];
    try {
      found = await this.#permitted(host);
    } catch (error) {
      return done(error as NodeJS.ErrnoException, "");
    }
    if (isAll) done(null, [...found]);
    else done(null, found[0].address, found[0].family);
  }

  async #permitted(host: string): Promise<readonly [LookupAddress, ...LookupAddress[]]> {
    const family = isIP(host);
    const found = family === 0 ? await this.#rules.resolve(host) : [{ address: host, family }];
    const [first, ...others] = found.filter(({ address }) => this.#rules.isPermitted(address));
    if (!first) throw new AddressRefused("not an address in the public internet");
    return [first, ...others];
  }
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}
