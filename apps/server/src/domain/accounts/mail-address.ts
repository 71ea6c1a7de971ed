import type { AccountMail, MailAddressBody, MailWishesBody } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { confirmPending, foldAddress, insertMail } from "../../store/queries/mails.ts";
import { oneTimeSecret, takeOneTimeSecret, voidOneTimeSecrets } from "../../store/queries/recovery.ts";
import { updateUser, userById } from "../../store/queries/users.ts";
import type { Tables, UserRow } from "../../store/schema.ts";
import type { Actor, Authentication, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";
import { requirePasswordLogin } from "./password-login.ts";
import { requireConfirmed, requireLiveUntilCommit } from "../require-confirmed.ts";
import { digest } from "./secrets.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "mail">;

const dayMs = 86_400_000;

/** The actor's address, and what is sent to it. */
export async function accountMail(context: Pick<Context, "store" | "mail">, { userId }: Actor): Promise<AccountMail> {
  const user = await existing(context.store.db, userId);
  return {
    available: context.mail !== null,
    email: user.email,
    confirmed: user.email_key !== null,
    pending: user.email_pending,
    notices: user.mail_notices === 1,
    digest: user.digest_at !== null,
  };
}

/**
 * Sends a link to the address, which takes the place of the present one once the link is opened; again for the same one.
 * Without a mail server the address is noted at once, and proves nothing. Throws `confirmation_required` or `rate_limited`.
 */
export async function setMailAddress(
  context: Context,
  authentication: Authentication,
  { email, locale }: MailAddressBody,
): Promise<AccountMail> {
  const { store, clock, rates, mail } = context;
  const { userId } = authentication;
  await requireConfirmed(context, authentication);
  await rates.mailsOfUser.spend(userId);
  if (mail) await rates.mailsToAddress.spend(foldAddress(email));
  await store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, authentication.sessionId);
    const { email: present, email_key: key } = await existing(db, userId);
    // Letter for letter: another spelling may be another mailbox.
    const isConfirmed = key !== null && present === email;
    if (locale) await updateUser(db, userId, { mail_locale: locale });
    if (mail && !isConfirmed) await beginConfirmation(db, userId, email, clock.now());
    else await updateUser(db, userId, { email, email_key: isConfirmed ? key : null, email_pending: null });
    // After the row was written: a mail that is composed meanwhile waits for it, or its secret is found here.
    await voidOneTimeSecrets(db, userId, ["email"]);
  });
  publish(context, `user:${userId}`, { type: "me_updated", user_id: userId });
  return accountMail(context, authentication);
}

/** Puts the mail with the link into the outbox. Run it in a transaction. */
export async function beginConfirmation(
  db: Kysely<Tables>,
  userId: number,
  address: string,
  now: number,
): Promise<void> {
  await updateUser(db, userId, { email_pending: address });
  await insertMail(db, { userId, address, kind: "confirm" }, now);
}

/**
 * The pending address becomes the account's, once, and the former one is told. Only for a session of the account that
 * asked: who has the mailbox alone is not signed up by a click. Links that went to the former address end. Throws
 * `invalid_credentials` when the link is unknown, used, expired, replaced or of another account.
 */
export async function confirmMailAddress(
  context: Context,
  authentication: Authentication,
  token: string,
): Promise<AccountMail> {
  const { store, clock } = context;
  const { userId } = authentication;
  const secret = { digest: digest(token), kind: "email", now: clock.now() } as const;
  await store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, authentication.sessionId);
    const row = await oneTimeSecret(db, secret);
    // Left as it is for the account that it belongs to.
    if (row?.user_id !== userId || !(await takeOneTimeSecret(db, secret))) throw brokenLink();
    const user = await existing(db, userId);
    const pending = user.email_pending;
    if (pending === null || !(await confirmPending(db, userId, pending))) throw brokenLink();
    if (user.email !== pending) await tellFormer(db, user, clock.now());
    await voidOneTimeSecrets(db, userId, ["email", "reset", "mail_reset"]);
  });
  publish(context, `user:${userId}`, { type: "me_updated", user_id: userId });
  return accountMail(context, authentication);
}

/** Throws `confirmation_required`. */
export async function removeMailAddress(context: Context, authentication: Authentication): Promise<void> {
  const { store, clock } = context;
  const { userId } = authentication;
  await requireConfirmed(context, authentication);
  await store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, authentication.sessionId);
    await tellFormer(db, await existing(db, userId), clock.now());
    await updateUser(db, userId, { email: "", email_key: null, email_pending: null, digest_at: null });
    await voidOneTimeSecrets(db, userId, ["email", "reset", "mail_reset"]);
  });
  publish(context, `user:${userId}`, { type: "me_updated", user_id: userId });
}

/** Whatever the user wishes to hear: the next notice goes elsewhere, or to nobody. */
async function tellFormer(db: Kysely<Tables>, user: UserRow, now: number): Promise<void> {
  if (user.email_key === null) return;
  await insertMail(db, { userId: user.id, address: user.email, kind: "address_changed" }, now);
}

/** Which mails the user wants. Switching notices off throws `confirmation_required`. */
export async function chooseMails(
  context: Context,
  authentication: Authentication,
  { notices, digest: wantsDigest }: MailWishesBody,
): Promise<AccountMail> {
  const { store, clock, rates } = context;
  const { userId } = authentication;
  if (notices === false) await requireConfirmed(context, authentication);
  await rates.changes.spend(userId);
  const user = await existing(store.db, userId);
  const due = user.digest_at ?? clock.now() + dayMs;
  await updateUser(store.db, userId, {
    mail_notices: (notices ?? user.mail_notices === 1) ? 1 : 0,
    digest_at: (wantsDigest ?? user.digest_at !== null) ? due : null,
  });
  return accountMail(context, authentication);
}

/**
 * Mails links to set a new password to the accounts that have confirmed this address. Resolves in the same way, after the
 * same work, whether or not there is one: that is looked up when the mail is sent. Throws `rate_limited`, or `conflict`
 * without a mail server.
 */
export async function requestResetMail(
  context: Context & Pick<DomainContext, "settings">,
  { address, limitKey }: { address: string; limitKey: string },
): Promise<void> {
  const { store, clock, rates, mail } = context;
  requirePasswordLogin(context);
  if (!mail) throw new AppError("conflict", "This instance sends no mails.");
  await rates.logins.spend(limitKey);
  await rates.mailsToAddress.spend(foldAddress(address));
  await insertMail(store.db, { userId: null, address, kind: "reset" }, clock.now());
}

async function existing(db: Kysely<Tables>, userId: number): Promise<UserRow> {
  const user = await userById(db, userId);
  if (!user) throw new AppError("unauthorized", "The session has ended.");
  return user;
}

function brokenLink(): AppError {
  return new AppError(
    "invalid_credentials",
    "This link is not valid, has expired, was used, or is of another account.",
  );
}
