import type { ProviderPurpose } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import * as queries from "../../store/queries/identities.ts";
import type { Authentication, DomainContext } from "../context.ts";
import type { Asked, LoginProvider, ProvedIdentity, ProviderFault } from "../ports.ts";
import { requireConfirmed } from "../require-confirmed.ts";
import { digest, newSecret } from "./secrets.ts";

type Context = Pick<DomainContext, "store" | "clock" | "providers" | "rates">;

/** How long somebody may take at the provider, and afterwards to choose a name. */
export const visitMs = 10 * 60_000;

type Purpose = "login" | ProviderPurpose;

/** What began a visit to a provider. */
interface AskedVisit extends Asked {
  provider: string;
  purpose: Purpose;
  /** Digest of the secret in the cookie of the browser that began it: no other browser can end it. */
  browser: string;
  /** The session that began it; null: a login. */
  sessionId: string | null;
  startedAt: number;
}

/** What came of it. */
export interface ProvedVisit {
  provider: string;
  purpose: Purpose;
  sessionId: string | null;
  startedAt: number;
  identity: ProvedIdentity;
}

/** `problem`: for the page to which the browser goes. `visit`: the browser's session has ended, was another one, or the link is old. */
export type VisitProblem = ProviderFault | "visit";

interface Beginning {
  provider: string;
  purpose: Purpose;
  authentication: Authentication | null;
  /** The client address as rate limits count it. */
  limitKey: string;
  /** Where the provider sends the browser back to, without a query. */
  redirectUri: string;
}

/**
 * Begins a visit to a provider. Resolves with the page there and the secret for the browser's cookie. Throws `not_found`,
 * `unavailable` when the provider does not answer, `rate_limited`, or `confirmation_required` for one that links.
 */
export async function beginVisit(
  context: Context,
  { provider: id, purpose, authentication, limitKey, redirectUri }: Beginning,
): Promise<{ url: string; browser: string }> {
  const { store, clock, rates } = context;
  const provider = requireProvider(context, id);
  // Here, since the way to the provider and back may take longer than a proof holds.
  if (authentication && purpose === "link") await requireConfirmed(context, authentication);
  await rates.logins.spend(limitKey);
  const [state, browser] = [newSecret(), newSecret()];
  const isFresh = purpose === "confirm";
  const asked = { redirectUri, state, nonce: newSecret(), verifier: newSecret(), isFresh };
  const url = await provider.begin(asked);
  if (typeof url !== "string") throw failed(provider, url.fault);
  const now = clock.now();
  const sessionId = authentication?.sessionId ?? null;
  const visit: AskedVisit = { ...asked, provider: id, purpose, browser: digest(browser), sessionId, startedAt: now };
  await queries.insertVisit(store.db, {
    digest: digest(state),
    kind: "asked",
    user_id: authentication?.userId ?? null,
    data: JSON.stringify({ ...visit, state: "" }),
    expires_at: now + visitMs,
  });
  return { url, browser };
}

/**
 * The browser is back from the provider: asks the provider who it was. Resolves with a new secret for the browser's cookie, or
 * with why nobody is proved. A state, and with it the code, works once, and only in the browser that began.
 */
export async function endVisit(
  context: Context,
  { provider: id, browser, search }: { provider: string; browser: string | undefined; search: string },
): Promise<{ proof: string } | { problem: VisitProblem }> {
  const { store, clock } = context;
  const provider = requireProvider(context, id);
  const state = new URLSearchParams(search).get("state") ?? "";
  const wanted = { digest: digest(state), kind: "asked", now: clock.now() } as const;
  const row = await queries.visitOf(store.db, wanted);
  const visit = row && (JSON.parse(row.data) as AskedVisit);
  if (!visit || visit.provider !== id || browser === undefined || visit.browser !== digest(browser)) {
    return { problem: "visit" };
  }
  if (!(await queries.takeVisit(store.db, wanted))) return { problem: "visit" };
  const identity = await provider.finish({ ...visit, state, search });
  if ("fault" in identity) return { problem: identity.fault };
  const proof = newSecret();
  const { purpose, sessionId, startedAt } = visit;
  const proved: ProvedVisit = { provider: id, purpose, sessionId, startedAt, identity };
  await queries.insertVisit(store.db, {
    digest: digest(proof),
    kind: "proved",
    user_id: null,
    data: JSON.stringify(proved),
    expires_at: clock.now() + visitMs,
  });
  return { proof };
}

/** Reads what came of a visit without using it up. Throws `unauthorized`. */
export async function provedVisit(
  { store, clock, providers }: Pick<Context, "store" | "clock" | "providers">,
  proof: string | undefined,
): Promise<{ visit: ProvedVisit; provider: LoginProvider }> {
  const row =
    proof === undefined
      ? undefined
      : await queries.visitOf(store.db, { digest: digest(proof), kind: "proved", now: clock.now() });
  const visit = row && (JSON.parse(row.data) as ProvedVisit);
  const provider = visit && providers.byId(visit.provider);
  if (!visit || !provider) throw tooLate();
  return { visit, provider };
}

/** Uses it up; of two calls one throws `unauthorized`. */
export async function takeProof(
  db: DomainContext["store"]["db"],
  clock: DomainContext["clock"],
  proof: string,
): Promise<void> {
  if (!(await queries.takeVisit(db, { digest: digest(proof), kind: "proved", now: clock.now() }))) throw tooLate();
}

function tooLate(): AppError {
  return new AppError("unauthorized", "The login took too long, or was used already. Begin again.");
}

function requireProvider({ providers }: Pick<Context, "providers">, id: string): LoginProvider {
  const provider = providers.byId(id);
  if (!provider) throw new AppError("not_found", "There is no such login provider.");
  return provider;
}

function failed({ name }: LoginProvider, fault: ProviderFault): AppError {
  const message = `${name} ${fault === "unreachable" ? "does not answer" : "gave a wrong answer"}. Try again later.`;
  return new AppError("unavailable", message, { retryAfterMs: 10_000, details: { fault } });
}
