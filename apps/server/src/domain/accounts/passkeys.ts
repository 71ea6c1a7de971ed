import type { Passkey, PasskeyAnswer } from "@miscord/protocol";
import { limits } from "@miscord/protocol";
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import type { PasskeyRow } from "../../store/account-tables.ts";
import { countRecoveryCodes, takeOneTimeSecret } from "../../store/queries/recovery.ts";
import * as queries from "../../store/queries/second-factors.ts";
import type { Tables } from "../../store/schema.ts";
import type { Authentication, DomainContext } from "../context.ts";
import { requireConfirmed, requireLiveUntilCommit } from "../require-confirmed.ts";
import { announceFactors, spendForFactors } from "../servers/required-factor.ts";
import { notice } from "./notices.ts";
import { removeWayIn } from "./way-in.ts";
import { issueOneTimeSecret } from "./one-time-secrets.ts";
import { replaceCodes } from "./recovery-codes.ts";
import { digest } from "./secrets.ts";
import { revokeOtherSessions } from "./sessions.ts";

/** For whom passkeys are: `id` is the domain, `origin` the only address whose pages may use them. */
export interface RelyingParty {
  id: string;
  origin: string;
}

type Context = Pick<DomainContext, "store" | "clock">;

/** Ways to an authenticator that browsers know; they send what they like. */
const transports = ["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"] as const;

/** Loaded by the first passkey: a node without any starts without this code. */
const webauthn = () => import("./webauthn.ts");

/**
 * What a browser needs to create a passkey of the user. Throws `confirmation_required`, `limit_reached`, `rate_limited` or, where the
 * instance's address cannot have passkeys, `conflict`.
 */
export async function passkeyCreationOptions(
  context: Context & Pick<DomainContext, "rates">,
  authentication: Authentication,
  party: RelyingParty | null,
  instanceName: string,
) {
  const { id: rpID } = requireParty(party);
  await requireConfirmed(context, authentication);
  const { userId, user } = authentication;
  // Each is kept for some minutes.
  await context.rates.changes.spend(userId);
  const present = await requireRoom(context.store.db, userId);
  const { secret } = await issueOneTimeSecret(context, "passkey", userId);
  const { generateRegistrationOptions } = await webauthn();
  return generateRegistrationOptions({
    rpName: instanceName,
    rpID,
    userName: user.username,
    userDisplayName: user.display_name,
    // The authenticator shows this handle to whoever holds it: a pseudonym, by which it replaces rather than doubles.
    userID: new Uint8Array(Buffer.from(digest(`passkey user ${userId}`), "base64url")),
    challenge: new Uint8Array(Buffer.from(secret, "base64url")),
    attestationType: "none",
    excludeCredentials: present.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: "required", userVerification: "preferred" },
  });
}

/**
 * Stores a new passkey and ends the user's other sessions. Resolves with recovery codes when the user has none. Throws
 * `invalid_credentials` for what this instance did not ask this user for, `confirmation_required`, `limit_reached`, `rate_limited` or `conflict`.
 */
export async function addPasskey(
  context: Context & Pick<DomainContext, "bus" | "mail" | "rates">,
  authentication: Authentication,
  { passkey, name }: { passkey: PasskeyAnswer; name: string },
  party: RelyingParty | null,
): Promise<{ passkey: Passkey; recoveryCodes: string[] }> {
  const { store, clock } = context;
  const { id: rpID, origin } = requireParty(party);
  const { userId } = authentication;
  await requireConfirmed(context, authentication);
  await spendForFactors(context, userId);
  const { verifyRegistrationResponse } = await webauthn();
  const { registrationInfo } = await refused(
    verifyRegistrationResponse({
      response: await refused(withoutAttestation(passkey)),
      expectedChallenge: async (challenge) => (await takeChallenge(context, challenge))?.user_id === userId,
      expectedOrigin: origin,
      expectedRPID: rpID,
      requireUserVerification: false,
    }),
  );
  if (!registrationInfo) throw wrong();
  const { credential } = registrationInfo;
  const row: PasskeyRow = {
    id: credential.id,
    user_id: userId,
    name,
    public_key: Buffer.from(credential.publicKey).toString("base64url"),
    counter: credential.counter,
    transports: JSON.stringify(transports.filter((one) => credential.transports?.includes(one))),
    created_at: clock.now(),
    last_used_at: null,
  };
  const recoveryCodes = await store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, authentication.sessionId);
    // Again: many sets of options may have been asked for before.
    await requireRoom(db, userId);
    if (!(await queries.insertPasskey(db, row))) throw new AppError("conflict", "This passkey is known already.");
    await notice(context, db, userId, "factors_changed");
    return (await countRecoveryCodes(db, userId)) > 0 ? [] : replaceCodes(db, userId);
  });
  await announceFactors(context, userId);
  await revokeOtherSessions(context, authentication);
  return { passkey: presentPasskey(row), recoveryCodes };
}

/**
 * The answer without what the authenticator proves of its maker, for which nobody asked: to check it, the library would
 * call addresses in its certificates, which whoever sends it may have written.
 */
async function withoutAttestation(answer: PasskeyAnswer): Promise<RegistrationResponseJSON> {
  const { decodeAttestationObject, isoBase64URL, isoCBOR } = await webauthn();
  const given = answer as unknown as RegistrationResponseJSON;
  const authData = decodeAttestationObject(isoBase64URL.toBuffer(given.response.attestationObject)).get("authData");
  const none = new Map<string, string | Uint8Array | Map<string, string>>([
    ["fmt", "none"],
    ["attStmt", new Map<string, string>()],
    ["authData", authData],
  ]);
  const attestationObject = isoBase64URL.fromBuffer(new Uint8Array(isoCBOR.encode(none)));
  return { ...given, response: { ...given.response, attestationObject } };
}

/** As `removeWayIn`. */
export function removePasskey(
  context: Context & Pick<DomainContext, "bus" | "mail" | "providers" | "rates" | "settings">,
  authentication: Authentication,
  id: string,
): Promise<void> {
  return removeWayIn(context, authentication, {
    remove: (db) => queries.deletePasskey(db, authentication.userId, id),
    missing: "There is no such passkey.",
  });
}

/** What a browser needs to prove with a passkey who somebody is. `userId`: only that user's; null: whoever's. */
export async function passkeyRequestOptions(context: Context, party: RelyingParty | null, userId: number | null) {
  const { id: rpID } = requireParty(party);
  const { secret } = await issueOneTimeSecret(context, "passkey", userId);
  const own = userId === null ? null : await queries.passkeysOf(context.store.db, userId);
  const { generateAuthenticationOptions } = await webauthn();
  return generateAuthenticationOptions({
    rpID,
    challenge: new Uint8Array(Buffer.from(secret, "base64url")),
    userVerification: own === null ? "required" : "preferred",
    ...(own && { allowCredentials: own.map(({ id, transports }) => ({ id, transports: JSON.parse(transports) })) }),
  });
}

/**
 * Whose passkey this is; uses the challenge up. `isOnlyFactor`: the authenticator must have asked for a finger, a face or a
 * PIN, since holding it is then not enough. Throws `invalid_credentials`.
 */
export async function verifyPasskey(
  context: Context,
  answer: PasskeyAnswer,
  party: RelyingParty | null,
  { isOnlyFactor }: { isOnlyFactor: boolean },
): Promise<number> {
  const { store, clock } = context;
  const { id: rpID, origin } = requireParty(party);
  const row = await queries.passkeyById(store.db, answer.id);
  if (!row) throw wrong();
  const { verifyAuthenticationResponse } = await webauthn();
  const { verified, authenticationInfo } = await refused(
    verifyAuthenticationResponse({
      response: answer as unknown as AuthenticationResponseJSON,
      expectedChallenge: async (challenge) => {
        const asked = await takeChallenge(context, challenge);
        return asked !== undefined && (asked.user_id === null || asked.user_id === row.user_id);
      },
      expectedOrigin: origin,
      expectedRPID: rpID,
      requireUserVerification: isOnlyFactor,
      credential: {
        id: row.id,
        publicKey: new Uint8Array(Buffer.from(row.public_key, "base64url")),
        counter: row.counter,
      },
    }),
  );
  if (!verified) throw wrong();
  await queries.markPasskeyUsed(store.db, row.id, authenticationInfo.newCounter, clock.now());
  return row.user_id;
}

/** The user's passkeys; throws `limit_reached` when no further one fits. */
async function requireRoom(db: Kysely<Tables>, userId: number): Promise<PasskeyRow[]> {
  const present = await queries.passkeysOf(db, userId);
  if (present.length >= limits.passkeysPerUser) throw new AppError("limit_reached", "These are enough passkeys.");
  return present;
}

export function presentPasskey(row: PasskeyRow): Passkey {
  return {
    id: row.id,
    name: row.name,
    created_at: new Date(row.created_at).toISOString(),
    last_used_at: row.last_used_at === null ? null : new Date(row.last_used_at).toISOString(),
  };
}

function takeChallenge({ store, clock }: Context, challenge: string) {
  return takeOneTimeSecret(store.db, { digest: digest(challenge), kind: "passkey", now: clock.now() });
}

/** The library throws plain errors at everything that a client can get wrong. */
async function refused<Result>(verification: Promise<Result>): Promise<Result> {
  try {
    return await verification;
  } catch (cause) {
    throw cause instanceof AppError ? cause : wrong(cause);
  }
}

function requireParty(party: RelyingParty | null): RelyingParty {
  if (party) return party;
  throw new AppError("conflict", "Passkeys need PUBLIC_URL, with https and a name.");
}

function wrong(cause?: unknown): AppError {
  return new AppError("invalid_credentials", "The passkey was not accepted.", { cause });
}
