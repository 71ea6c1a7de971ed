import type { Configuration, ServerMetadata } from "openid-client";
import type { Clock } from "../clock.ts";
import type { Asked, ProvedIdentity, Returned } from "../domain/ports.ts";
import { boundedFetch, timeoutMs, type IssuerRules } from "./bounded-fetch.ts";
import { identityOf } from "./claims.ts";
import type { OidcSettings } from "./provider-settings.ts";

/** Loaded by the first login: a node without providers starts without this code. */
const library = () => import("openid-client");

const keptMs = 3_600_000;
/** A provider that did not answer is asked again after this; until then logins are refused at once. */
const failedMs = 10_000;
const skewSeconds = 30;
/** How long a user may take at the provider; what `max_age` is checked against, which the caller does more closely. */
const maxAgeSeconds = 900;

interface Found {
  at: number;
  configuration: Promise<Configuration>;
  hasFailed: boolean;
}

/** A provider that speaks OpenID Connect. */
export class OpenidProvider {
  readonly settings: OidcSettings;
  readonly #clock: Clock;
  readonly #rules: IssuerRules;
  #found: Found | null = null;

  constructor(settings: OidcSettings, clock: Clock, rules: IssuerRules) {
    this.settings = settings;
    this.#clock = clock;
    this.#rules = rules;
  }

  get issuer(): string {
    return new URL(this.settings.issuer).href;
  }

  async begin({ redirectUri, state, nonce, verifier, isFresh }: Asked): Promise<string> {
    const [configuration, { buildAuthorizationUrl, calculatePKCECodeChallenge }] = await Promise.all([
      this.#configuration(),
      library(),
    ]);
    return buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.settings.scope,
      response_type: "code",
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
      ...(isFresh && { prompt: "login", max_age: "0" }),
    }).href;
  }

  async finish({ redirectUri, search, state, nonce, verifier, isFresh }: Returned): Promise<ProvedIdentity> {
    const [configuration, { authorizationCodeGrant, fetchUserInfo }] = await Promise.all([
      this.#configuration(),
      library(),
    ]);
    const tokens = await authorizationCodeGrant(configuration, new URL(redirectUri + search), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
      ...(isFresh && { maxAge: maxAgeSeconds }),
    });
    const claims = tokens.claims()!;
    const isWhole = this.#wanted().every((name) => claims[name] !== undefined);
    const hasMore = !isWhole && configuration.serverMetadata().userinfo_endpoint !== undefined;
    const more = hasMore ? await fetchUserInfo(configuration, tokens.access_token, claims.sub) : {};
    return identityOf({ ...more, ...claims }, this.issuer, this.settings);
  }

  /** Claims that are worth another request. */
  #wanted(): string[] {
    const { username_claim: username = "preferred_username", groups, groups_claim: claim } = this.settings;
    return groups.length > 0 ? [username, claim] : [username];
  }

  #configuration(): Promise<Configuration> {
    const now = this.#clock.now();
    const found = this.#found;
    if (found && now - found.at < (found.hasFailed ? failedMs : keptMs)) return found.configuration;
    const next: Found = { at: now, hasFailed: false, configuration: this.#discover() };
    next.configuration.catch(() => (next.hasFailed = true));
    this.#found = next;
    return next.configuration;
  }

  async #discover(): Promise<Configuration> {
    const { issuer, client_id, client_secret: secret, client_auth: auth } = this.settings;
    const { permitsLoopbackHttp } = this.#rules;
    const client = await library();
    const authentication = secret === undefined ? client.None() : secretOf(client, auth)(secret);
    const options = {
      timeout: timeoutMs / 1_000,
      [client.customFetch]: boundedFetch(this.#rules) as (address: string, options: object) => Promise<Response>,
      execute: [client.enableNonRepudiationChecks, ...(permitsLoopbackHttp ? [client.allowInsecureRequests] : [])],
    };
    const metadata = { [client.clockTolerance]: skewSeconds };
    const found = await client.discovery(new URL(issuer), client_id, metadata, authentication, options);
    requireSame(found.serverMetadata(), issuer);
    return found;
  }
}

function secretOf(client: Awaited<ReturnType<typeof library>>, auth: OidcSettings["client_auth"]) {
  return auth === "post" ? client.ClientSecretPost : client.ClientSecretBasic;
}

/** The library accepts issuers of some clouds that differ from what was asked for. */
function requireSame({ issuer }: ServerMetadata, expected: string): void {
  if (new URL(issuer).href !== new URL(expected).href) throw new Error("the discovered issuer is another one");
}
