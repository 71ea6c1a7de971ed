import type { Locale } from "@miscord/protocol";
import type { MailKind, MailRow } from "../../store/mail-tables.ts";
import type { ToldAlert } from "../../store/push-tables.ts";
import { administratorsAmong } from "../../store/queries/alerts.ts";
import { isConfirmed, isPending, usersOfAddress } from "../../store/queries/mails.ts";
import { missedMentions } from "../../store/queries/notifications.ts";
import { userById } from "../../store/queries/users.ts";
import type { UserRow } from "../../store/schema.ts";
import { issueOneTimeSecret } from "../accounts/one-time-secrets.ts";
import type { DomainContext } from "../context.ts";
import type { MailContext } from "../mail-context.ts";
import type { Mail } from "../ports.ts";
import { fill, harmless, render, type Part } from "./render.ts";
import { words } from "./words.ts";

export type ComposeContext = Pick<DomainContext, "store" | "clock"> & { mail: MailContext };

/** Accounts that share an address, whose links one mail has. */
const maxAccounts = 5;

/**
 * The mails of a row of the outbox, as things are now; none when nothing is left to tell. The secret of a link is made here,
 * so that the store has its digest only; each attempt has its own, and all that arrive work until one was used.
 */
export function compose(context: ComposeContext, row: MailRow): Promise<Mail[]> {
  return composers[row.kind as MailKind](context, row);
}

type Composer = (context: ComposeContext, row: MailRow) => Promise<Mail[]>;

const composers: Readonly<Record<MailKind, Composer>> = {
  confirm: composeConfirm,
  reset: composeReset,
  new_device: composeNotice,
  password_changed: composeNotice,
  factors_changed: composeNotice,
  address_changed: composeNotice,
  digest: composeDigest,
  alert: composeAlert,
};

async function composeConfirm(
  { store, clock, mail }: ComposeContext,
  { user_id: userId, address: to }: MailRow,
): Promise<Mail[]> {
  const user = userId === null ? undefined : await userById(store.db, userId);
  if (!user) return [];
  // Together: another address that is asked for meanwhile either finds this secret, and voids it, or is seen here.
  const secret = await store.db.transaction().execute(async (db) => {
    if (!(await isPending(db, user.id, to))) return null;
    return (await issueOneTimeSecret({ store: { db }, clock }, "email", user.id)).secret;
  });
  if (secret === null) return [];
  const { confirm } = wordsFor(mail, user);
  const link = { label: confirm.link, url: `${mail.publicUrl}/confirm-email#${secret}` };
  return [{ to, ...letter(mail, user, { subject: confirm.subject, parts: [confirm.text, link, confirm.unasked] }) }];
}

/**
 * To the addresses as they were confirmed, not as somebody wrote them now: what counts as the same address need not be the
 * same mailbox.
 */
async function composeReset(context: ComposeContext, { address }: MailRow): Promise<Mail[]> {
  const users = await usersOfAddress(context.store.db, address, maxAccounts);
  const mails: Mail[] = [];
  for (const [to, own] of Map.groupBy(users, ({ email }) => email)) mails.push(...(await resetMail(context, to, own)));
  return mails;
}

async function resetMail(context: ComposeContext, to: string, users: readonly UserRow[]): Promise<Mail[]> {
  const { mail } = context;
  const { reset } = wordsFor(mail, users[0]!);
  const links: Part[] = [];
  for (const user of users) {
    const secret = await resetSecret(context, user);
    const label = users.length > 1 ? `${reset.link} (${harmless(user.username)})` : reset.link;
    if (secret !== null) links.push({ label, url: `${mail.publicUrl}/reset#${secret}` });
  }
  if (links.length === 0) return [];
  const parts = [reset.text, ...links, reset.unasked];
  return [{ to, ...letter(mail, users[0]!, { subject: reset.subject, parts }) }];
}

/** Null when the address is no longer the user's: a change of it voids the secrets that went there, and finds this one. */
function resetSecret({ store, clock }: ComposeContext, user: UserRow): Promise<string | null> {
  return store.db.transaction().execute(async (db) => {
    if (!(await isConfirmed(db, user.id, user.email))) return null;
    return (await issueOneTimeSecret({ store: { db }, clock }, "mail_reset", user.id)).secret;
  });
}

async function composeNotice(
  { store, mail }: ComposeContext,
  { user_id: userId, address: to, kind, detail }: MailRow,
): Promise<Mail[]> {
  const user = userId === null ? undefined : await userById(store.db, userId);
  if (!user) return [];
  const all = wordsFor(mail, user);
  const { subject, text } = all.notice[kind as keyof typeof all.notice];
  const recover = { label: fill(all.recover, { instance: mail.instanceName }), url: `${mail.publicUrl}/recover` };
  const device = detail === "" ? [] : [deviceLine(all, JSON.parse(detail))];
  return [{ to, ...letter(mail, user, { subject, parts: [text, ...device, all.wasYou, recover] }) }];
}

function deviceLine(
  { device: line, unknownDevice }: (typeof words)[Locale],
  { device, address }: { device: string; address: string },
): string {
  return fill(line, { device: device === "" ? unknownDevice : device, address });
}

async function composeDigest({ store, mail }: ComposeContext, { user_id: userId, detail }: MailRow): Promise<Mail[]> {
  const user = userId === null ? undefined : await userById(store.db, userId);
  if (!user || user.email_key === null || user.disabled_at !== null) return [];
  const missed = await missedMentions(store.db, user.id, Number(detail));
  if (missed.length === 0) return [];
  const { digest } = wordsFor(mail, user);
  const lines = missed.map(({ server_name, channel_name, count }) =>
    fill(digest.line, { server: harmless(server_name), channel: harmless(channel_name ?? ""), count: String(count) }),
  );
  const open = { label: fill(digest.open, { instance: mail.instanceName }), url: mail.publicUrl };
  // To the address of now: an older one may be somebody else's.
  const parts = [digest.text, lines, open, digest.off];
  return [{ to: user.email, ...letter(mail, user, { subject: digest.subject, parts }) }];
}

async function composeAlert({ store, mail }: ComposeContext, { user_id: userId, detail }: MailRow): Promise<Mail[]> {
  const user = userId === null ? undefined : await userById(store.db, userId);
  if (!user || user.email_key === null || !(await administratorsAmong(store.db, [user.id])).has(user.id)) return [];
  const { path, title, text } = JSON.parse(detail) as Omit<ToldAlert, "key">;
  const locale = localeFor(mail, user);
  const { alert } = wordsFor(mail, user);
  const link = { label: alert.open, url: `${mail.publicUrl}${path}` };
  const parts = [...text[locale].split("\n"), link, alert.why];
  return [{ to: user.email, ...letter(mail, user, { subject: title[locale], parts }) }];
}

type Reader = Pick<UserRow, "username" | "locale" | "mail_locale">;

export function wordsFor(mail: MailContext, reader: Reader): (typeof words)[Locale] {
  return words[localeFor(mail, reader)];
}

function localeFor(mail: MailContext, { locale, mail_locale }: Reader): Locale {
  return (locale ?? mail_locale ?? mail.locale) as Locale;
}

/** With greeting and sender. */
export function letter(
  mail: MailContext,
  user: Reader,
  { subject, parts }: { subject: string; parts: readonly Part[] },
): Omit<Mail, "to"> {
  const { hello, footer } = wordsFor(mail, user);
  const greeting = fill(hello, { username: harmless(user.username) });
  const sender = fill(footer, { instance: mail.instanceName, url: mail.publicUrl });
  return render(`${subject} · ${mail.instanceName}`, [greeting, ...parts, sender]);
}
