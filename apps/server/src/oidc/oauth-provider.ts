import { createHash } from "node:crypto";
import type { Asked, ProvedIdentity, Returned } from "../domain/ports.ts";
import { boundedFetch, type IssuerRules } from "./bounded-fetch.ts";
import { identityOf } from "./claims.ts";
import type { OauthSettings } from "./provider-settings.ts";

type Answer = Readonly<Record<string, unknown>>;

interface Service {
  issuer: string;
  authorize: string;
  token: string;
  scope: string;
  /** Parameters of the return that the token endpoint wants too. */
  passedOn: readonly string[];
  person: (token: string, clientId: string) => { url: string; headers: Record<string, string>; body?: URLSearchParams };
  claims: (answer: Answer) => Answer;
}

/** Services with OAuth 2 and PKCE and without ID tokens, as their documentation describes them. */
const services: Readonly<Record<OauthSettings["kind"], Service>> = {
  yandex: {
    issuer: "https://oauth.yandex.ru",
    authorize: "https://oauth.yandex.ru/authorize",
    token: "https://oauth.yandex.ru/token",
    scope: "login:info login:email",
    passedOn: [],
    person: (token) => ({
      url: "https://login.yandex.ru/info?format=json",
      headers: { authorization: `OAuth ${token}` },
    }),
    claims: (answer) => ({
      sub: answer["id"],
      preferred_username: answer["login"],
      name: answer["real_name"],
      email: answer["default_email"],
    }),
  },
  vk: {
    issuer: "https://id.vk.com",
    authorize: "https://id.vk.com/authorize",
    token: "https://id.vk.com/oauth2/auth",
    scope: "vkid.personal_info email",
    passedOn: ["device_id", "state"],
    person: (token, clientId) => ({
      url: "https://id.vk.com/oauth2/user_info",
      headers: {},
      body: new URLSearchParams({ access_token: token, client_id: clientId }),
    }),
    claims: ({ user }) => {
      const { user_id: id, first_name: first, last_name: last, email } = (user ?? {}) as Answer;
      return { sub: idOf(id), name: [first, last].filter(Boolean).join(" "), email };
    },
  },
};

/** A provider that gives no ID token: whoever the access token belongs to is asked of the service. */
export class OauthProvider {
  readonly settings: OauthSettings;
  readonly #service: Service;
  readonly #fetch: ReturnType<typeof boundedFetch>;

  constructor(settings: OauthSettings, rules: IssuerRules) {
    this.settings = settings;
    this.#service = services[settings.kind];
    this.#fetch = boundedFetch(rules);
  }

  get issuer(): string {
    return this.#service.issuer;
  }

  async begin({ redirectUri, state, verifier, isFresh }: Asked): Promise<string> {
    const { authorize, scope } = this.#service;
    const url = new URL(authorize);
    url.search = new URLSearchParams({
      response_type: "code",
      client_id: this.settings.client_id,
      redirect_uri: redirectUri,
      scope: this.settings.scope ?? scope,
      state,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      ...(isFresh && { prompt: "login" }),
    }).toString();
    return url.href;
  }

  async finish({ redirectUri, search, state, verifier }: Returned): Promise<ProvedIdentity> {
    const { token, passedOn, person, claims } = this.#service;
    const { client_id: clientId, client_secret: secret } = this.settings;
    const given = new URLSearchParams(search);
    if (given.get("state") !== state) throw new Error("another state");
    const error = given.get("error");
    if (error !== null) throw Object.assign(new Error("an error instead of a code"), { error });
    const body = new URLSearchParams({
      grant_type: "authorization_code",
      code: given.get("code") ?? "",
      redirect_uri: redirectUri,
      client_id: clientId,
      code_verifier: verifier,
      ...(secret !== undefined && { client_secret: secret }),
      ...Object.fromEntries(passedOn.map((name) => [name, given.get(name) ?? ""])),
    });
    const { access_token: accessToken } = await this.#json(token, {}, body);
    if (typeof accessToken !== "string") throw new Error("no access token");
    const { url, headers, body: form } = person(accessToken, clientId);
    return identityOf(claims(await this.#json(url, headers, form)), this.issuer, this.settings);
  }

  async #json(url: string, headers: Record<string, string>, body?: URLSearchParams): Promise<Answer> {
    const method = body ? "POST" : "GET";
    const form = body && { "content-type": "application/x-www-form-urlencoded" };
    const all = { accept: "application/json", ...form, ...headers };
    const response = await this.#fetch(url, { method, headers: all, body: body?.toString() });
    if (!response.ok) throw new Error(`status ${response.status}`);
    // The message of a parser's error quotes what it could not read.
    const answer: unknown = await response.json().catch(() => null);
    if (typeof answer !== "object" || answer === null) throw new Error("no JSON object");
    return answer as Answer;
  }
}

function idOf(value: unknown): unknown {
  return typeof value === "number" ? String(value) : value;
}
