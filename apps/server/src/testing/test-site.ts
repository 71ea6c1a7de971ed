import type { LookupAddress } from "node:dns";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { publicAddresses, type AddressRules } from "../outgoing/address-rules.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** The one address of this machine that a test permits. */
const permitted = "127.0.0.1";
/** Stands for a network behind the server. */
const forbidden = "127.0.0.2";

/** A site on this machine that answers as a test says, at an address that may be called and at one that may not. */
export class TestSite {
  /** Paths that were asked for where it is permitted. */
  readonly asked: string[] = [];
  /** Paths that were asked for where it is not: a test expects none. */
  readonly askedInside: string[] = [];
  /** By path, with its query or for all queries; others are not found. */
  readonly pages = new Map<string, Handler>();
  /** What names resolve to; by default the permitted address. */
  resolve: (host: string) => string[] = () => [permitted];
  readonly #servers: Server[] = [];

  static async start(): Promise<TestSite> {
    const site = new TestSite();
    await site.#listen(permitted, site.asked, 0);
    await site.#listen(forbidden, site.askedInside, site.port);
    return site;
  }

  get port(): number {
    return (this.#servers[0]!.address() as AddressInfo).port;
  }

  /** The page's address by a name, or at the host given. */
  url(path: string, host = "site.example"): string {
    return `http://${host}:${this.port}${path}`;
  }

  /** Lets a server call this site, and the internet as always. */
  get rules(): AddressRules {
    const found = (address: string): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 });
    return {
      resolve: (host) => Promise.resolve(this.resolve(host).map(found)),
      isPermitted: (address) => address === permitted || publicAddresses.isPermitted(address),
      isPermittedPort: (port) => port === String(this.port) || publicAddresses.isPermittedPort(port),
    };
  }

  /** A page with this head. */
  page(path: string, head: string, headers: Record<string, string> = {}): string {
    this.pages.set(path, (_request, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers });
      response.end(`<!doctype html><html><head>${head}</head><body>text</body></html>`);
    });
    return this.url(path);
  }

  file(path: string, contentType: string, bytes: Uint8Array): string {
    this.pages.set(path, (_request, response) => response.writeHead(200, { "content-type": contentType }).end(bytes));
    return this.url(path);
  }

  redirect(path: string, location: string): string {
    this.pages.set(path, (_request, response) => response.writeHead(302, { location }).end());
    return this.url(path);
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  async #listen(address: string, asked: string[], port: number): Promise<void> {
    const server = createServer((request, response) => {
      const path = request.url ?? "";
      asked.push(path);
      const page = this.pages.get(path) ?? this.pages.get(path.split("?")[0]!);
      if (page) page(request, response);
      else response.writeHead(404).end();
    });
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
  }
}
