import { limits, type Newcomer, type ProviderPurpose, type ProviderRegisterBody } from "@miscord/protocol";
import { providerRegisterBody } from "@miscord/protocol/schemas";
import { foldName, isUsername } from "@miscord/text";
import { AppError } from "../../errors.ts";
import { identityOfSubject, markIdentityUsed } from "../../store/queries/identities.ts";
import { isNameTaken, userById } from "../../store/queries/users.ts";
import type { DomainContext } from "../context.ts";
import type { ProvedIdentity } from "../ports.ts";
import { link } from "./identities.ts";
import { applyGroups } from "./provider-groups.ts";
import { provedVisit, takeProof } from "./provider-visits.ts";
import { createAccount } from "./register.ts";
import { isReserved, skeletonOf } from "./reserved-names.ts";
import { requireSecondStep } from "./second-factor.ts";
import { requireUsable, startSession, type Device, type Login } from "./sessions.ts";

type Context = Pick<
  DomainContext,
  "store" | "bus" | "clock" | "tokens" | "settings" | "rates" | "presence" | "voice" | "instance" | "mail" | "providers"
>;

type Outcome = { login: Login } | { newcomer: Newcomer } | { purpose: ProviderPurpose; provider: string; name: string };

/**
 * What came of a visit to a provider: a login where an account has this login, never one that only has the same e-mail
 * address; otherwise what a new account could be called. Throws `unauthorized`, `second_factor_required`, or as `startSession` does.
 */
export async function finishVisit(context: Context, proof: string | undefined, device: Device): Promise<Outcome> {
  const { store, clock } = context;
  const { visit, provider } = await provedVisit(context, proof);
  const { identity, purpose } = visit;
  if (purpose !== "login") return { purpose, provider: provider.id, name: provider.name };
  const find = () => identityOfSubject(store.db, identity.issuer, identity.subject);
  const known = await find();
  if (!known) return { newcomer: await newcomerOf(context, identity, provider) };
  const user = await userById(store.db, known.user_id);
  if (!user) throw new AppError("invalid_credentials", "This account has been deleted.");
  await takeProof(store.db, clock, proof!);
  // Before groups give it anything: an account that nobody has accepted must not administer.
  await requireUsable(store.db, user);
  const checkFactor = async () => {
    if (!provider.hasSecondFactor) await requireSecondStep(context, user, "web");
  };
  const check = async () => {
    if ((await find())?.user_id !== user.id) throw new AppError("invalid_credentials", "The login was taken away.");
    await checkFactor();
  };
  await markIdentityUsed(store.db, known.id, identity.label, clock.now());
  await applyGroups(context, user.id, provider, identity.groups);
  await checkFactor();
  // Somebody who was logged in at the provider for long has proved nothing just now.
  const confirmedAt = Math.min(clock.now(), identity.authenticatedAt ?? Infinity);
  const current = (await userById(store.db, user.id)) ?? user;
  return { login: await startSession(context, current, { kind: "web", device, check, confirmedAt }) };
}

/**
 * Creates an account without a password for whom the provider has named, under the name that they chose. Resolves with null where
 * an administrator has to accept it first. Throws `unauthorized`, `conflict` or as `register` does.
 */
export async function registerByProvider(
  context: Context,
  { proof, body, ...by }: { proof: string | undefined; body: ProviderRegisterBody; device: Device; limitKey: string },
): Promise<Login | null> {
  const { clock } = context;
  const { visit, provider } = await provedVisit(context, proof);
  if (visit.purpose !== "login") throw new AppError("unauthorized", "This was not begun as a login. Begin again.");
  const input = { ...body, email: body.email ?? "", ...by };
  return createAccount(context, input, {
    passwordHash: async () => "",
    also: async (db, userId) => {
      await takeProof(db, clock, proof!);
      await link(db, userId, visit.identity, clock.now());
    },
    created: (userId) => applyGroups(context, userId, provider, visit.identity.groups),
  });
}

async function newcomerOf(
  { store }: Pick<Context, "store">,
  { username, displayName, email }: ProvedIdentity,
  provider: { id: string; name: string },
): Promise<Newcomer> {
  return {
    status: "new",
    provider: provider.id,
    provider_name: provider.name,
    username: await suggested(store.db, username),
    display_name: displayName.slice(0, limits.displayNameLength),
    email: providerRegisterBody.shape.email.safeParse(email).data ?? "",
  };
}

const attempts = 20;

/** A legal username that nobody has, like the one that the provider says; empty when there is none. */
async function suggested(db: DomainContext["store"]["db"], said: string): Promise<string> {
  const legal = Array.from(said.normalize("NFC").replace(/\s+/g, "_"))
    .filter((letter) => isUsername(`aa${letter}aa`))
    .join("");
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const name = legal.slice(0, limits.usernameLength - 2) + (attempt === 1 ? "" : attempt);
    if (name.length < limits.usernameMin || !isUsername(name)) return "";
    if (await isReserved(name)) continue;
    if (!(await isNameTaken(db, foldName(name), await skeletonOf(name)))) return name;
  }
  return "";
}
