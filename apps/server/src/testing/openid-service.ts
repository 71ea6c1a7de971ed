import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";
import { loginProviders, type OidcSettings } from "../oidc/provider-settings.ts";

/** What the service says of somebody. */
export interface ServicePerson {
  name?: string;
  email?: string;
  preferred_username?: string;
  groups?: string[];
}

/** A login provider in this process, on loopback: whoever types a name in its form is that person. */
export class OpenidService {
  readonly people = new Map<string, ServicePerson>();
  readonly clientSecret = randomBytes(24).toString("base64url");
  /** False: it closes each connection without an answer. */
  isAnswering = true;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(redirectUri: string): Promise<OpenidService> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const service = new OpenidService(server);
    const provider = await service.#provider(redirectUri);
    const answer = provider.callback();
    server.on("request", (request, response) => {
      if (!service.isAnswering) return request.socket.destroy();
      if (request.url?.startsWith("/sign-in/")) void signIn(provider, request, response);
      else answer(request, response);
    });
    return service;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** As the operator writes it down; `http` is for the tests' own rules alone. */
  settings(more: Partial<OidcSettings> = {}): OidcSettings {
    const given = {
      id: "school",
      name: "School",
      issuer: "https://school.example",
      client_id: "miscord",
      client_secret: this.clientSecret,
    };
    const [parsed] = loginProviders.parse(JSON.stringify([given]));
    return { ...(parsed as OidcSettings), issuer: this.issuer, ...more };
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #provider(redirectUri: string): Promise<Provider> {
    const { privateKey } = await generateKeyPair("RS256", { extractable: true });
    const profile = ["name", "preferred_username", "groups"];
    const provider: Provider = new Provider(this.issuer, {
      clients: [{ client_id: "miscord", client_secret: this.clientSecret, redirect_uris: [redirectUri] }],
      jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: "RS256", use: "sig", kid: "one" }] },
      cookies: { keys: [randomBytes(24).toString("base64url")] },
      claims: { openid: ["sub"], email: ["email"], profile },
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      ttl: { Session: 3_600, Interaction: 600, Grant: 3_600, IdToken: 600, AccessToken: 600 },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/sign-in/${uid}` },
      findAccount: (_context: unknown, accountId: string) => ({
        accountId,
        claims: () => ({ sub: accountId, ...this.people.get(accountId) }),
      }),
      /** Nobody is asked what the service may tell. */
      loadExistingGrant: async ({
        oidc,
      }: {
        oidc: { client: { clientId: string }; session: { accountId: string } };
      }) => {
        const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
        grant.addOIDCScope("openid profile email");
        await grant.save();
        return grant;
      },
    });
    return provider;
  }
}

async function signIn(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === "POST") {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const name = new URLSearchParams(Buffer.concat(chunks).toString()).get("name") ?? "";
    const result = name === "" ? { error: "access_denied" } : { login: { accountId: name } };
    return provider.interactionFinished(request, response, result);
  }
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end(
    `<!doctype html><html lang="en"><title>School</title><h1>School</h1>
     <form method="post"><label>Name <input name="name"></label> <button>Sign in</button></form>`,
  );
}

/** A browser at the service. `url`: the page that begins. Resolves with the address to which the service sends it back. */
export class ServiceVisitor {
  readonly #cookies = new Map<string, string>();

  /** An empty name refuses. Where the service knows the visitor, it may not ask for the name. */
  async visit(url: string, name: string): Promise<URL> {
    let [next, body] = [new URL(url), undefined as URLSearchParams | undefined];
    const { origin } = next;
    for (let step = 0; step < 10; step += 1) {
      const response = await fetch(next, {
        method: body ? "POST" : "GET",
        redirect: "manual",
        headers: { cookie: [...this.#cookies].map(([key, value]) => `${key}=${value}`).join("; ") },
        ...(body && { body }),
      });
      this.#keep(response.headers);
      const text = await response.text();
      const location = response.headers.get("location");
      if (location === null && response.status !== 200) throw new Error(`the service said ${response.status} ${text}`);
      body = location === null ? new URLSearchParams({ name }) : undefined;
      if (location !== null) next = new URL(location, next);
      if (next.origin !== origin) return next;
    }
    throw new Error("the service sent the visitor in circles");
  }

  #keep(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [key = "", value = ""] = line.split(";")[0]!.split("=");
      if (value === "") this.#cookies.delete(key);
      else this.#cookies.set(key, value);
    }
  }
}
