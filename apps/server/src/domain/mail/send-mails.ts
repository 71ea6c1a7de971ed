import { TokenBuckets } from "../../concurrency/token-buckets.ts";
import type { MailKind, MailRow } from "../../store/mail-tables.ts";
import { deleteMail, postponeMail } from "../../store/queries/mails.ts";
import { claimDue } from "../../store/queries/outbox.ts";
import type { DomainContext } from "../context.ts";
import type { DueWork } from "../due-work/due-work.ts";
import type { MailContext } from "../mail-context.ts";
import { pauseAfter } from "../pause-after.ts";
import { MailRefused } from "../ports.ts";
import { compose } from "./compose.ts";
import { writeDigests } from "./digests.ts";
import { noteMail } from "./instance-mail.ts";

const claimName = "mail";
const pauseMs = 1_000;
const digestsEveryMs = 60_000;
/** Mails that are leased together and sent one after the other, and for how long: each may take half a minute. */
const atOnce = 4;
const leaseMs = 3 * 60_000;
const minuteMs = 60_000;
/** Of notices to one user, who can cause as many as they like: others' mails wait behind them, and mail servers count. */
const noticesOfUser = { perSecond: 1 / 120, burst: 10 };
const paced: ReadonlySet<string> = new Set<MailKind>(["new_device", "password_changed", "factors_changed"]);
/** What could not be sent by then is no news, or leads to a link that nobody waits for any more. */
const givenUpMs: Readonly<Record<MailKind, number>> = {
  confirm: 24 * 60 * minuteMs,
  reset: 60 * minuteMs,
  new_device: 24 * 60 * minuteMs,
  password_changed: 24 * 60 * minuteMs,
  factors_changed: 24 * 60 * minuteMs,
  address_changed: 24 * 60 * minuteMs,
  digest: 6 * 60 * minuteMs,
  alert: 6 * 60 * minuteMs,
};

type Context = Pick<DomainContext, "store" | "cluster" | "clock" | "mail">;

interface Reports {
  onError: (error: unknown) => void;
  onRefused: (refusal: { kind: string; code: string; status: number | null; isFinal: boolean }) => void;
}

/**
 * Sends what is in the outbox. A row is leased while it is being sent and goes once the mail server has taken it: after a
 * node was killed, another one sends what was not taken. Of several nodes one does this. Does nothing without a mail
 * server. Returns the function that stops it.
 */
export function startMailing(context: Context, due: DueWork, reports: Reports): () => void {
  const { clock, mail } = context;
  if (!mail) return () => {};
  const notices = new TokenBuckets(noticesOfUser, clock);
  let digestsAt = 0;
  const isTime = () => clock.monotonic() >= digestsAt;
  const work = async () => {
    const isForDigests = isTime();
    if (isForDigests) digestsAt = clock.monotonic() + digestsEveryMs;
    if ((await context.cluster.claim(claimName)) !== context.cluster.nodeId) return;
    if (isForDigests) await writeDigests(context);
    await sendDue({ ...context, mail, notices }, reports);
  };
  return due.add({ kinds: ["mail"], isTime, pauseMs, work, onError: reports.onError });
}

type Sending = Context & { mail: MailContext; notices: TokenBuckets };

async function sendDue(context: Sending, reports: Reports): Promise<void> {
  const { store, cluster, clock } = context;
  while (cluster.owns(claimName)) {
    const now = clock.now();
    const rows = await claimDue(store.db, "mails", { now, leaseUntil: now + leaseMs, limit: atOnce });
    if (rows.length === 0) return;
    for (const row of rows) await send(context, row, reports);
  }
}

async function send(context: Sending, row: MailRow, reports: Reports): Promise<void> {
  const { store, clock, mail, notices } = context;
  const waitMs = paced.has(row.kind) ? notices.take(row.user_id ?? row.address) : 0;
  if (waitMs > 0) return postponeMail(store.db, row.id, clock.now() + waitMs);
  try {
    for (const composed of await compose(context, row)) {
      await mail.mailer.send(composed);
      noteMail(context, { failed: null });
    }
    await deleteMail(store.db, row.id);
  } catch (error) {
    const refusal = error instanceof MailRefused ? error : null;
    if (refusal) {
      const { code, status, isFinal, message } = refusal;
      noteMail(context, { failed: message });
      reports.onRefused({ kind: row.kind, code, status, isFinal });
    } else reports.onError(error);
    const isOver = clock.now() - row.created_at > givenUpMs[row.kind as MailKind];
    if (refusal?.isFinal || isOver) await deleteMail(store.db, row.id);
    else await postponeMail(store.db, row.id, clock.now() + pauseAfter(row));
  }
}
