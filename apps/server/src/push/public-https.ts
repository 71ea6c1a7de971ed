import { lookup, type LookupAddress } from "node:dns";
import { Agent, request } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { promisify } from "node:util";
import ipaddr from "ipaddr.js";

/** Which addresses may be called, and how names become addresses. Tests pass others; no setting does. */
export interface AddressRules {
  resolve(host: string): Promise<readonly LookupAddress[]>;
  isPermitted(address: string): boolean;
  /** Certificate authorities in place of those that Node trusts. */
  ca?: string;
}

const resolveAll = promisify(lookup);

/** The internet: no addresses of private, local, link-local, shared, mapped or documentation networks, nor multicast. */
export const publicAddresses: AddressRules = {
  resolve: (host) => resolveAll(host, { all: true, verbatim: true }),
  isPermitted: (address) => ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast",
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
    const parsed = URL.parse(url);
    if (parsed?.protocol !== "https:" || parsed.username !== "" || parsed.password !== "" || parsed.hash !== "")
      throw new AddressRefused("not a plain https address");
    await this.#permitted(parsed.hostname.replace(/^\[|\]$/g, ""));
    return parsed;
  }

  /** Resolves with the status of the answer, whose body is not read. Rejects when there is none within ten seconds. */
  async post(url: string, { headers, body }: Posted): Promise<number> {
    // A literal address is connected to without a lookup.
    const target = await this.check(url);
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const length = { "content-length": String(body.byteLength) };
      const sent = request(target, { method: "POST", headers: { ...headers, ...length }, agent: this.#agent, signal });
      sent.on("response", (answer) => {
        answer.on("error", () => {});
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
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
