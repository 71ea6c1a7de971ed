import {
  contentWithEmbeds,
  limits,
  textBeside,
  type FiledReport,
  type Message,
  type ReportedMessage,
} from "@miscord/protocol";
import { can } from "@miscord/rights";
import { AppError } from "../../errors.ts";
import { channelAccess } from "../../store/queries/access.ts";
import { memberOf } from "../../store/queries/members.ts";
import { haveMet } from "../../store/queries/relationships.ts";
import { countOpenReports, putReport } from "../../store/queries/reports.ts";
import { serverAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { requireCrowdBudget } from "../crowd-budget.ts";
import { announceReport } from "./announce-report.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

export interface ReportInput {
  /** One of the two. */
  messageId?: number | undefined;
  userId?: number | undefined;
  /** Where the person is reported; undefined: to the administrators of the instance. */
  serverId?: number | undefined;
  reason: string;
  /** The reporter wants to be notified of the outcome. */
  notify: boolean;
}

/** What is reported, for those who have to do with it. */
interface Subject {
  userId: number;
  serverId: number | null;
  /** The user who owns the server; 0 in none. */
  ownerId: number;
  channel: { id: number; name: string; isRestricted: boolean } | null;
  message: Message | null;
}

/**
 * Reports a message that the actor sees, or a person whom they meet in the server, in another one or in a private channel.
 * The message is kept as it is now. What is reported of the owner of a server, or happened in none, goes to the
 * administrators of the instance. Throws `not_found`, `invalid_request` (oneself), `limit_reached` or `rate_limited`.
 */
export async function fileReport(context: Context, actor: Actor, input: ReportInput): Promise<FiledReport> {
  const { store, clock, rates } = context;
  await rates.changes.spend(actor.userId);
  await rates.reports.spend(actor.userId);
  await requireCrowdBudget(context, actor.userId);
  const subject =
    input.messageId === undefined
      ? await reportedPerson(context, actor, input.userId!, input.serverId)
      : await reportedBy(context, actor, input.messageId);
  const { userId, serverId, channel, message } = subject;
  if (userId === actor.userId) throw new AppError("invalid_request", "You cannot report yourself.");
  const forInstance = serverId === null || subject.ownerId === userId;
  const now = clock.now();
  const row = await store.db.transaction().execute(async (db) => {
    const open = await countOpenReports(db, actor.userId, forInstance ? null : serverId);
    if (open >= limits.openReports) throw new AppError("limit_reached", "You have too many open reports here.");
    return putReport(db, {
      server_id: serverId,
      for_instance: forInstance ? 1 : 0,
      reporter_id: actor.userId,
      user_id: userId,
      subject: message ? `message:${message.id}` : `user:${userId} server:${serverId ?? 0}`,
      message_id: message?.id ?? null,
      channel_id: channel?.id ?? null,
      restricted: channel?.isRestricted ? 1 : 0,
      evidence: message && channel && JSON.stringify(evidenceOf(message, channel.name)),
      reason: input.reason,
      notify: input.notify && serverId !== null ? 1 : 0,
      created_at: now,
    });
  });
  await announceReport(context, actor, row, { isNew: row.created_at === now });
  return { id: row.id, created_at: new Date(row.created_at).toISOString(), notify: row.notify === 1 };
}

async function reportedBy({ store, clock }: Context, { userId }: Actor, messageId: number): Promise<Subject> {
  const message = await store.log.message(messageId);
  const access = message && (await channelAccess(store.db, userId, message.channel_id, clock.now()));
  if (!message || message.is_deleted || !access || !can(access, "viewChannel")) {
    throw new AppError("not_found", "There is no such message.");
  }
  const { serverId, ownerId, channelName: name } = access;
  // A thread is seen by those who see its channel, also when the thread is gone.
  const place = access.parentId === null ? access : await channelAccess(store.db, userId, access.parentId, clock.now());
  const { channelId: id, isRestricted } = place ?? access;
  return { userId: message.author.id, serverId, ownerId, channel: { id, name, isRestricted }, message };
}

async function reportedPerson(context: Context, actor: Actor, userId: number, serverId?: number): Promise<Subject> {
  const { db } = context.store;
  const absent = new AppError("not_found", "There is no such person.");
  if (serverId === undefined) {
    if (!(await haveMet(db, actor.userId, userId))) throw absent;
    return { userId, serverId: null, ownerId: 0, channel: null, message: null };
  }
  const { ownerId } = await serverAccess(context, actor, serverId);
  if (!(await memberOf(db, serverId, userId))) throw absent;
  return { userId, serverId, ownerId, channel: null, message: null };
}

/** All that the message shows as text: what is forwarded and asked may be all that it has. */
function evidenceOf(message: Message, channelName: string): ReportedMessage {
  return {
    id: message.id,
    channel_id: message.channel_id,
    channel_name: channelName,
    content: contentWithEmbeds(message) + textBeside(message),
    created_at: message.timestamp,
    attachments: message.attachments.map(({ filename, content_type, size }) => ({ filename, content_type, size })),
  };
}
