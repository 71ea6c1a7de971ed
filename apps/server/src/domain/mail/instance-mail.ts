import type { InstanceMail } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { countMails } from "../../store/queries/mails.ts";
import { userById } from "../../store/queries/users.ts";
import { requireAdmin } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { MailRefused } from "../ports.ts";
import { letter, wordsFor } from "./compose.ts";
import { fill } from "./render.ts";

type Context = Pick<DomainContext, "store" | "cluster" | "clock" | "mail" | "rates">;

/** What a node knows of the mails that it sent, in milliseconds since 1970. */
type Noted = { sentAt: number | null; failedAt: number | null; reason: string };

const key = "latest";

/** Notes for the administrators how the latest attempt to send a mail went. */
export function noteMail(
  { cluster, clock }: Pick<Context, "cluster" | "clock">,
  { failed }: { failed: string | null },
) {
  const map = cluster.map<Noted>("mail");
  const now = clock.now();
  const { sentAt } = map.get(key).get(cluster.nodeId) ?? { sentAt: null };
  map.set(
    key,
    failed === null ? { sentAt: now, failedAt: null, reason: "" } : { sentAt, failedAt: now, reason: failed },
  );
}

/** Whether the instance's mails leave, since its nodes were started. Throws `forbidden`. */
export async function instanceMail(context: Context, actor: Actor): Promise<InstanceMail> {
  await requireAdmin(context, actor);
  const { store, cluster, mail } = context;
  const noted = [...cluster.map<Noted>("mail").get(key).values()];
  const sentAt = latest(noted.map((each) => each.sentAt));
  const failed = noted.toSorted((a, b) => (b.failedAt ?? 0) - (a.failedAt ?? 0))[0];
  const isFailing = failed?.failedAt != null && failed.failedAt >= (sentAt ?? 0);
  return {
    from: mail?.from ?? null,
    waiting: await countMails(store.db),
    sent_at: sentAt === null ? null : new Date(sentAt).toISOString(),
    failed: isFailing ? { at: new Date(failed.failedAt!).toISOString(), reason: failed.reason } : null,
  };
}

function latest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/**
 * Sends a mail to the administrator's own address, at once. Resolves with the reason when the mail server does not
 * take it, null when it does. Throws `forbidden`, `rate_limited`, or `conflict` without a mail server or an address.
 */
export async function sendTestMail(context: Context, actor: Actor): Promise<string | null> {
  const { store, rates, mail } = context;
  await requireAdmin(context, actor);
  if (!mail) throw new AppError("conflict", "No mail server is set: SMTP_URL.");
  const user = await userById(store.db, actor.userId);
  const address = user?.email || user?.email_pending;
  if (!user || !address) throw new AppError("conflict", "Your account has no address that a mail could go to.");
  await rates.mailsOfUser.spend(user.id);
  const { test } = wordsFor(mail, user);
  const text = fill(test.text, { instance: mail.instanceName });
  try {
    await mail.mailer.send({ to: address, ...letter(mail, user, { subject: test.subject, parts: [text] }) });
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error;
    noteMail(context, { failed: error.message });
    return error.message;
  }
  noteMail(context, { failed: null });
  return null;
}
