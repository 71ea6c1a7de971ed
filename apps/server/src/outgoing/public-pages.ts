import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { AddressRefused, guardedLookup, requireLiteralPermitted, type AddressRules } from "./address-rules.ts";
import { boundedBody } from "./bounded-body.ts";
import { boundParts } from "./bounded-parts.ts";
import { handshake } from "./handshake.ts";

/** The address gave no answer that is read: refused, too late, too much, or of another type. */
class NoAnswer extends Error {
  override name = "NoAnswer";
}

export interface PageRequest {
  /**
   * Beginnings of the content types that are read, such as `image/`, with the most bytes of such a body: as it is sent, and
   * again after decompression.
   */
  maxBytes: Readonly<Record<string, number>>;
  /** Asked before each call, also after a redirect, with the host's name, which never ends in a dot. */
  mayCall(host: string): Promise<boolean>;
  /** For everything: names, connections, redirects and the body. */
  signal: AbortSignal;
}

export interface Page {
  /** After redirects. */
  url: URL;
  /** The header. */
  contentType: string;
  /** Ends after the most bytes, whatever is left. Rejects when the time is over or the data is broken; may be left early. */
  body: AsyncIterable<Buffer>;
  /** Whether the body was longer than that; known once it has been read. */
  isCut(): boolean;
}

const maxRedirects = 3;
const maxHeaderBytes = 16_384;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Reads pages and pictures at addresses that somebody else chose, in the public internet only. The address is checked when
 * the socket connects, for each redirect anew. Sends no cookies and nothing about the person; keeps no connection.
 */
export class PublicPages {
  readonly #rules: AddressRules;
  readonly #userAgent: string;
  readonly #http: HttpAgent;
  readonly #https: HttpsAgent;

  constructor(rules: AddressRules, userAgent: string) {
    const lookup = guardedLookup(rules);
    this.#rules = rules;
    this.#userAgent = userAgent;
    this.#http = new HttpAgent({ keepAlive: false, lookup });
    this.#https = new HttpsAgent({
      ...handshake,
      keepAlive: false,
      lookup,
      ...(rules.ca !== undefined && { ca: rules.ca }),
    });
  }

  /** Rejects with `AddressRefused`, `NoAnswer`, or the error of the connection. */
  async open(address: string, wanted: PageRequest): Promise<Page> {
    let url = await this.#permitted(URL.parse(address));
    for (let followed = 0; followed <= maxRedirects; followed += 1) {
      await requireLiteralPermitted(this.#rules, url);
      if (!(await wanted.mayCall(url.hostname.replace(/\.$/, "")))) throw new NoAnswer("the host is called too often");
      const answer = await this.#get(url, wanted);
      const status = answer.statusCode ?? 0;
      const { location } = answer.headers;
      if (!redirects.has(status) || location === undefined) return pageOf(url, answer, wanted);
      answer.destroy();
      url = await this.#permitted(URL.parse(location, url));
    }
    throw new NoAnswer("too many redirects");
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  #get(url: URL, { maxBytes, signal }: PageRequest): Promise<IncomingMessage> {
    const headers = {
      accept: Object.keys(maxBytes)
        .map((type) => (type.endsWith("/") ? `${type}*` : type))
        .join(", "),
      "accept-encoding": "gzip, br",
      "user-agent": this.#userAgent,
    };
    const isHttps = url.protocol === "https:";
    const options = { headers, signal, maxHeaderSize: maxHeaderBytes, agent: isHttps ? this.#https : this.#http };
    return new Promise((resolve, reject) => {
      const sent = (isHttps ? httpsRequest : httpRequest)(url, options);
      boundParts(sent);
      // Also after the answer has begun: an error without a listener would end the process.
      sent.on("error", reject);
      sent.on("response", (answer) => {
        answer.on("error", () => {});
        resolve(answer);
      });
      sent.on("upgrade", (_answer, socket) => {
        socket.destroy();
        reject(new NoAnswer("an answer in another protocol"));
      });
      sent.end();
    });
  }

  async #permitted(url: URL | null): Promise<URL> {
    if (url?.protocol !== "https:" && url?.protocol !== "http:") throw new AddressRefused("not an http address");
    if (url.username !== "" || url.password !== "") throw new AddressRefused("an address with a password");
    if (!(await this.#rules.isPermittedPort(url.port))) throw new AddressRefused("not the port of the scheme");
    url.hash = "";
    return url;
  }
}

function pageOf(url: URL, answer: IncomingMessage, { maxBytes, signal }: PageRequest): Page {
  const contentType = (answer.headers["content-type"] ?? "").trim();
  const type = Object.keys(maxBytes).find((beginning) => contentType.toLowerCase().startsWith(beginning));
  if (answer.statusCode !== 200 || type === undefined) {
    answer.destroy();
    throw new NoAnswer(`status ${answer.statusCode}, or a type that is not read`);
  }
  return { url, contentType, ...boundedBody(answer, { maxBytes: maxBytes[type]!, signal }) };
}
