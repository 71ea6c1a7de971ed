import type { RegisterBody } from "@miscord/protocol";
import { foldName } from "@miscord/text";
import { skeletonOf } from "@miscord/text/skeleton";
import { AppError } from "../../errors.ts";
import type { UserRow } from "../../store/schema.ts";
import { foldAddress } from "../../store/queries/mails.ts";
import { insertUser } from "../../store/queries/users.ts";
import type { DomainContext } from "../context.ts";
import { announceJoin, useInvite } from "../servers/join-server.ts";
import { consumeClaim } from "./claim.ts";
import { beginConfirmation } from "./mail-address.ts";
import { isReserved } from "./reserved-names.ts";
import { startSession, type Device, type Login } from "./sessions.ts";

export interface RegisterInput extends RegisterBody {
  device: Device;
  /** The client address as rate limits count it. */
  limitKey: string;
}

type Context = Pick<
  DomainContext,
  "store" | "bus" | "clock" | "tokens" | "settings" | "rates" | "passwords" | "presence" | "voice" | "mail"
>;

/**
 * Creates an account and starts a session. Where registration is by invitation, one transaction creates the account, uses
 * the invite and adds the user to its server. Throws `registration_closed`, `username_taken`, `forbidden` (claim),
 * `rate_limited` or as `joinServer` does.
 */
export async function register(context: Context, input: RegisterInput): Promise<Login> {
  const { rates, passwords, settings } = context;
  await rates.registrations.spend(input.limitKey);
  const isClaim = input.claim_token !== undefined;
  if (!isClaim) requireOpen(settings.registration, input.invite_code);
  // Before hashing, so that a reserved name costs no hash. A taken name is refused by the table.
  requireUsable(input.username);
  const passwordHash = await passwords.hash(input.password);
  const mailsConfirmation = await mayMail(context, input.email);
  const { user, serverId } = await insert(context, { ...input, mailsConfirmation }, passwordHash);
  if (serverId !== null) await announceJoin(context, user.id, serverId);
  return startSession(context, user, { kind: "web", device: input.device, isFirst: true });
}

function requireOpen(policy: DomainContext["settings"]["registration"], inviteCode: string | undefined): void {
  if (policy === "open" || (policy === "invite" && inviteCode !== undefined)) return;
  const message = policy === "invite" ? "Registration needs an invite link." : "Registration is closed.";
  throw new AppError("registration_closed", message);
}

function requireUsable(username: string): void {
  if (isReserved(username)) throw taken();
}

/** Where too many mails went to the address, the account is made without one. */
async function mayMail({ mail, rates }: Context, address: string | undefined): Promise<boolean> {
  if (!mail || address === undefined) return false;
  return (await rates.mailsToAddress.take(foldAddress(address))) === 0;
}

function insert(
  context: Context,
  { mailsConfirmation, ...input }: RegisterInput & { mailsConfirmation: boolean },
  passwordHash: string,
) {
  const { store, clock, settings } = context;
  return store.db.transaction().execute(async (db): Promise<{ user: UserRow; serverId: number | null }> => {
    if (input.claim_token !== undefined) await consumeClaim(db, input.claim_token);
    const user = await insertUser(db, {
      username: input.username,
      username_key: foldName(input.username),
      username_skeleton: skeletonOf(input.username),
      email: input.email ?? "",
      mail_locale: input.locale ?? null,
      password_hash: passwordHash,
      display_name: input.display_name ?? input.username,
      avatar_color: avatarColor(input.username),
      is_admin: input.claim_token === undefined ? 0 : 1,
      created_at: clock.now(),
    });
    if (!user) throw taken();
    if (mailsConfirmation) await beginConfirmation(db, user.id, user.email, clock.now());
    const usesInvite = settings.registration === "invite" && input.claim_token === undefined;
    const serverId = usesInvite ? await useInvite(db, clock, user.id, input.invite_code!) : null;
    return { user, serverId };
  });
}

function taken(): AppError {
  return new AppError("username_taken", "This username is taken.", { details: { field: "username" } });
}

/** Distinct colours with enough contrast for both dark and light text. */
const palette = ["#5b8def", "#3fa796", "#c2784e", "#b565a7", "#7a8b3c", "#d1605e", "#6c72cb", "#4f9d69"];

function avatarColor(username: string): string {
  const sum = Buffer.from(username).reduce((total, byte) => total + byte, 0);
  return palette[sum % palette.length]!;
}
