import { Agent, request } from "node:https";
import {
  AddressRefused,
  guardedLookup,
  hostOf,
  permittedAddresses,
  requireLiteralPermitted,
  type AddressRules,
} from "./address-rules.ts";
import { boundParts } from "./bounded-parts.ts";
import { handshake } from "./handshake.ts";

interface Posted {
  headers: Record<string, string>;
  body: Buffer;
}

const timeoutMs = 10_000;
const maxBodyBytes = 65_536;
/** To one push service. */
const maxSockets = 16;
/**
 * A connection that carries nothing for so long is closed. Browsers name a few services; whoever makes up any number of names would
 * otherwise leave a connection open for each.
 */
const defaultIdleMs = 30_000;

/**
 * Calls addresses that somebody else chose, over HTTPS and in the public internet only. The address is checked when the
 * socket connects, so a name that resolves to another address after a check gains nothing. Redirects are not followed.
 */
export class PublicHttps {
  readonly #rules: AddressRules;
  readonly #agent: Agent;

  constructor(rules: AddressRules, { idleMs = defaultIdleMs }: { idleMs?: number } = {}) {
    this.#rules = rules;
    const lookup = guardedLookup(rules);
    const ca = rules.ca === undefined ? {} : { ca: rules.ca };
    this.#agent = new Agent({ ...handshake, keepAlive: true, maxSockets, timeout: idleMs, lookup, ...ca });
  }

  /** Rejects with `AddressRefused` unless the URL may be called now. */
  static async check(rules: AddressRules, url: string): Promise<URL> {
    const parsed = await plainUrl(rules, url);
    await permittedAddresses(rules, hostOf(parsed));
    return parsed;
  }

  /** Resolves with the status of the answer, whose body is not read. Rejects when there is none within ten seconds. */
  async post(url: string, { headers, body }: Posted): Promise<number> {
    const target = await plainUrl(this.#rules, url);
    await requireLiteralPermitted(this.#rules, target);
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const length = { "content-length": String(body.byteLength) };
      const sent = request(target, { method: "POST", headers: { ...headers, ...length }, agent: this.#agent, signal });
      boundParts(sent);
      sent.on("response", (answer) => {
        if (sent.destroyed) return;
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
}

async function plainUrl(rules: AddressRules, url: string): Promise<URL> {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== "https:" || parsed.username !== "" || parsed.password !== "" || parsed.hash !== "")
    throw new AddressRefused("not a plain https address");
  if (!(await rules.isPermittedPort(parsed.port))) throw new AddressRefused("not the port of https");
  return parsed;
}
