import type { RegisterBody, RegistrationMode } from "@miscord/protocol";
import { foldName } from "@miscord/text";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { foldAddress } from "../../store/queries/mails.ts";
import { insertUser, userById } from "../../store/queries/users.ts";
import type { Tables, UserRow } from "../../store/schema.ts";
import type { DomainContext } from "../context.ts";
import { announceJoin, useInvite } from "../servers/join-server.ts";
import { apply } from "./approval.ts";
import { avatarColor } from "./avatar-color.ts";
import { consumeClaim } from "./claim.ts";
import { beginConfirmation } from "./mail-address.ts";
import { isReserved, skeletonOf } from "./reserved-names.ts";
import { startSession, type Device, type Login } from "./sessions.ts";

export interface RegisterInput extends RegisterBody {
  device: Device;
  /** The client address as rate limits count it. */
  limitKey: string;
}

type Context = Pick<
  DomainContext,
  "store" | "bus" | "clock" | "tokens" | "settings" | "rates" | "presence" | "voice" | "instance" | "mail"
>;

/**
 * Creates an account and starts a session; null where an administrator has to accept the account first. Where registration is by invitation, one transaction creates the account, uses
 * the invite and adds the user to its server. Throws `registration_closed`, `username_taken`, `forbidden` (claim),
 * `invalid_request` (no reason given to the administrators), `limit_reached`, `rate_limited` or as `joinServer` does.
 */
export async function register(
  context: Context & Pick<DomainContext, "passwords">,
  { password, ...input }: RegisterInput,
): Promise<Login | null> {
  // The first administrator has the claim link from the command line, and perhaps no provider yet.
  if (!context.settings.hasPasswordLogin && input.claim_token === undefined) {
    throw new AppError("registration_closed", "Accounts are made through a login provider here.");
  }
  return createAccount(context, input, { passwordHash: () => context.passwords.hash(password) });
}

type NewAccount = Omit<RegisterInput, "password">;

interface Making {
  /** Called once the registration is allowed; empty: no password. */
  passwordHash: () => Promise<string>;
  /** Runs in the transaction that creates the account. */
  also?: (db: Kysely<Tables>, userId: number) => Promise<void>;
  /** Runs after it, before the first session. */
  created?: (userId: number) => Promise<void>;
}

/** Creates an account, with whatever proves who its user is. Throws as `register` does. */
export async function createAccount(context: Context, input: NewAccount, making: Making): Promise<Login | null> {
  const { rates, instance, store } = context;
  await rates.registrations.spend(input.limitKey);
  // Of a claim nothing else is asked.
  const policy = input.claim_token === undefined ? instance.values.registration : "open";
  requireOpen(policy, input);
  // Before hashing, so that a reserved name costs no hash. A taken name is refused by the table.
  await requireUsable(input.username);
  const passwordHash = await making.passwordHash();
  const mailsConfirmation = policy !== "approval" && (await mayMail(context, input.email));
  const { user, serverId } = await insert(context, { ...input, policy, mailsConfirmation }, passwordHash, making.also);
  if (policy === "approval") return null;
  if (serverId !== null) await announceJoin(context, user.id, serverId);
  await making.created?.(user.id);
  const current = making.created ? ((await userById(store.db, user.id)) ?? user) : user;
  return startSession(context, current, { kind: "web", device: input.device, isFirst: true });
}

function requireOpen(policy: RegistrationMode, { invite_code: inviteCode, reason }: NewAccount): void {
  if (policy === "approval" && !reason) {
    const details = { field: "reason" };
    throw new AppError("invalid_request", "Administrators want to know why you would like an account.", { details });
  }
  if (policy === "closed") throw new AppError("registration_closed", "Registration is closed.");
  if (policy === "invite" && inviteCode === undefined) {
    throw new AppError("registration_closed", "Registration needs an invite link.");
  }
}

async function requireUsable(username: string): Promise<void> {
  if (await isReserved(username)) throw taken();
}

/** Where too many mails went to the address, the account is made without one. */
async function mayMail({ mail, rates }: Context, address: string | undefined): Promise<boolean> {
  if (!mail || address === undefined) return false;
  return (await rates.mailsToAddress.take(foldAddress(address))) === 0;
}

type Checked = NewAccount & { policy: RegistrationMode; mailsConfirmation: boolean };

function insert(context: Context, input: Checked, passwordHash: string, also: Making["also"]) {
  const { store, clock } = context;
  return store.db.transaction().execute(async (db): Promise<{ user: UserRow; serverId: number | null }> => {
    if (input.claim_token !== undefined) await consumeClaim(db, input.claim_token);
    const user = await insertUser(db, {
      username: input.username,
      username_key: foldName(input.username),
      username_skeleton: await skeletonOf(input.username),
      email: input.email ?? "",
      mail_locale: input.locale ?? null,
      password_hash: passwordHash,
      display_name: input.display_name ?? input.username,
      avatar_color: avatarColor(input.username),
      is_admin: input.claim_token === undefined ? 0 : 1,
      created_at: clock.now(),
    });
    if (!user) throw taken();
    await also?.(db, user.id);
    if (input.mailsConfirmation) await beginConfirmation(db, user.id, user.email, clock.now());
    if (input.policy === "approval") await apply(db, user.id, { reason: input.reason!, at: user.created_at });
    const serverId = input.policy === "invite" ? await useInvite(db, clock, user.id, input.invite_code!) : null;
    return { user, serverId };
  });
}

function taken(): AppError {
  return new AppError("username_taken", "This username is taken.", { details: { field: "username" } });
}
