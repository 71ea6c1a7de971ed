import { timingSafeEqual } from "node:crypto";
import { sentEmbeds, type Embed, type Message } from "@miscord/protocol";
import { can } from "@miscord/rights";
import { mentionsOf } from "@miscord/text";
import { AppError } from "../../errors.ts";
import type { FromWebhook, SendCommand } from "../../store/contract.ts";
import { serverChannelAccess } from "../../store/queries/access.ts";
import * as queries from "../../store/queries/webhooks.ts";
import type { WebhookRow } from "../../store/webhook-tables.ts";
import { digest } from "../accounts/secrets.ts";
import type { DomainContext } from "../context.ts";
import { withOwnEmojis } from "../emojis/own-emojis.ts";
import { withinCrowdBudget } from "../crowd-budget.ts";
import { deleteMessages } from "../messages/delete-messages.ts";
import { withinGroupBudget } from "../messages/group-mentions.ts";
import { textFields } from "../messages/mentions.ts";
import { pollFields, type PollInput } from "../messages/poll-input.ts";
import { requireCommitted } from "../messages/require-committed.ts";
import { requireLength } from "../messages/send-message.ts";
import { mayManage } from "./manage.ts";
import { pictureOf } from "./pictures.ts";

type Context = Pick<
  DomainContext,
  "store" | "rates" | "clock" | "automod" | "presence" | "previews" | "storage" | "settings" | "pictures"
>;

/** Whom the text may notify: null is no limit of its own. Names are folded. */
export interface AllowedMentions {
  readonly everyone: boolean;
  readonly names: ReadonlySet<string> | null;
  readonly roles: ReadonlySet<number> | null;
}

export interface WebhookMessage {
  content: string;
  /** In place of the webhook's own name. */
  name?: string | undefined;
  /** Address of a picture, in place of the webhook's own. */
  avatarUrl?: string | undefined;
  embeds: readonly Embed[];
  allowed: AllowedMentions;
}

interface NewMessage extends WebhookMessage {
  threadId?: number | undefined;
  attachmentIds: readonly number[];
  poll?: PollInput | undefined;
  /** Pages that the text links to are not previewed. */
  isWithoutPreviews: boolean;
}

const hourMs = 3_600_000;

/**
 * The webhook of the address. Throws `unauthorized` for an unknown one, a wrong token, and while its creator may not manage
 * webhooks in its channel: they look the same.
 */
export async function webhookOf(context: Context, id: number, token: string): Promise<WebhookRow> {
  const row = await queries.webhookById(context.store.db, id);
  const given = Buffer.from(digest(token));
  const isRight = row !== undefined && timingSafeEqual(Buffer.from(row.token_digest), given);
  if (!isRight || !(await mayManage(context, row.created_by, row.channel_id))) throw unknown();
  return row;
}

/**
 * Sends a message into the webhook's channel, or a thread of it. Throws `unauthorized` as `webhookOf`, `not_found` (the thread), `forbidden`,
 * `automod_blocked`, `invalid_request` or `rate_limited`.
 */
export async function executeWebhook(context: Context, webhook: WebhookRow, input: NewMessage): Promise<Message> {
  const { store, clock, automod } = context;
  requireLength(input.content);
  const channelId = input.threadId ?? webhook.channel_id;
  const content = await usableText(context, webhook, channelId, input.content);
  if (input.threadId !== undefined) await requireThread(context, webhook, input.threadId);
  const fields = await mentionsIn(context, webhook, channelId, { ...input, content });
  const parts = { ...partsOf(webhook, input), picture: await pictureOf(context, webhook, input.avatarUrl) };
  const outcome = await withinGroupBudget(context, { authorId: webhook.created_by, fields }, () =>
    store.log.commit({
      kind: "send",
      authorId: webhook.id,
      channelId,
      content,
      nonce: null,
      replyToId: null,
      attachmentIds: input.attachmentIds,
      ...fields,
      ...(input.poll && { poll: pollFields(input.poll) }),
      webhook: parts,
      at: clock.now(),
    }),
  );
  if (outcome.automod?.length) await automod(outcome.automod, outcome.ok ? outcome.message!.id : null);
  // Decided between the check above and the commit.
  if (!outcome.ok && outcome.code === "not_found") throw unknown();
  const { message } = requireCommitted(outcome);
  if (!input.isWithoutPreviews) context.previews.look(message!, webhook.created_by);
  await noteUse(context, webhook);
  return message!;
}

/** Throws `forbidden` unless the webhook's creator may attach files: before they are received. */
export async function requireMayAttach(context: Context, webhook: WebhookRow): Promise<void> {
  const access = await accessIn(context, webhook, webhook.channel_id);
  if (access && can(access, "attachFiles")) return;
  throw new AppError("forbidden", "The webhook's creator may not attach files in this channel.");
}

/** Replaces text and embeds of a message of the webhook. Throws as `executeWebhook` does. */
export async function editWebhookMessage(
  context: Context,
  webhook: WebhookRow,
  messageId: number,
  change: { content?: string | undefined; embeds?: readonly Embed[] | undefined; allowed: AllowedMentions },
): Promise<Message> {
  const { store, clock, automod } = context;
  const before = await webhookMessage(context, webhook, messageId);
  const written = change.content ?? before.content;
  requireLength(written);
  const content = await usableText(context, webhook, before.channel_id, written);
  const input = { content, name: before.author.display_name, embeds: change.embeds ?? sentEmbeds(before) };
  const fields = await mentionsIn(context, webhook, before.channel_id, { content, allowed: change.allowed });
  const parts = partsOf(webhook, input);
  const text = { authorId: webhook.created_by, fields, isEdit: true } as const;
  const command = { kind: "edit", actorId: webhook.id, messageId, content, ...fields, webhook: parts } as const;
  const outcome = await withinGroupBudget(context, text, (limit) =>
    withinCrowdBudget(context, webhook.created_by, () => store.log.commit({ ...command, ...limit, at: clock.now() })),
  );
  if (outcome.automod?.length) await automod(outcome.automod, outcome.ok ? messageId : null);
  const { message, event } = requireCommitted(outcome);
  if (event) context.previews.look(message!, webhook.created_by);
  return message!;
}

export async function deleteWebhookMessage(context: Context, webhook: WebhookRow, messageId: number): Promise<void> {
  await webhookMessage(context, webhook, messageId);
  await deleteMessages(context, webhook.id, [messageId]);
}

/** A message of the webhook, in the channel that it writes into now or a thread of it; any other is not there. */
export async function webhookMessage(context: Context, webhook: WebhookRow, messageId: number): Promise<Message> {
  const message = await context.store.log.message(messageId);
  const isOwn = message?.author.id === webhook.id && !message.is_deleted;
  if (!isOwn) throw noSuchMessage();
  if (message.channel_id !== webhook.channel_id) {
    const access = await accessIn(context, webhook, message.channel_id);
    if (access?.parentId !== webhook.channel_id) throw noSuchMessage();
  }
  return message;
}

/** With the emoji that the creator may use there. */
function usableText(context: Context, webhook: WebhookRow, channelId: number, text: string): Promise<string> {
  return withOwnEmojis(context.store, webhook.created_by, text, () => accessIn(context, webhook, channelId));
}

function partsOf(webhook: WebhookRow, { name, embeds }: Pick<WebhookMessage, "name" | "embeds">): FromWebhook {
  return { createdBy: webhook.created_by, name: name ?? webhook.name, embeds };
}

type MentionFields = Pick<SendCommand, "mentionNames" | "mentionsEveryone" | "mentionRoles" | "hereIds">;

/** Whom the text mentions, as far as it is allowed to; the log asks for the rights of the creator besides. */
async function mentionsIn(
  context: Context,
  webhook: WebhookRow,
  channelId: number,
  { content, allowed }: Pick<WebhookMessage, "content" | "allowed">,
): Promise<MentionFields> {
  const accessOf = () => accessIn(context, webhook, channelId);
  const isToHere = allowed.everyone && mentionsOf(content).here;
  const fields = isToHere ? await textFields(content, context, webhook.id, accessOf) : { ...withoutHere(content) };
  const { names, roles } = allowed;
  return {
    ...fields,
    mentionsEveryone: fields.mentionsEveryone && allowed.everyone,
    mentionNames: fields.mentionNames.filter((name) => names === null || names.has(name)),
    ...(fields.mentionRoles && { mentionRoles: fields.mentionRoles.filter((id) => roles === null || roles.has(id)) }),
  };
}

function withoutHere(content: string): MentionFields {
  const { names, everyone, roles } = mentionsOf(content);
  return { mentionNames: names, mentionsEveryone: everyone, ...(roles && { mentionRoles: roles }) };
}

async function requireThread(context: Context, webhook: WebhookRow, threadId: number): Promise<void> {
  const access = await accessIn(context, webhook, threadId);
  if (access?.parentId !== webhook.channel_id) throw new AppError("not_found", "There is no such thread.");
}

function accessIn({ store, clock }: Context, { created_by: userId }: WebhookRow, channelId: number) {
  return serverChannelAccess(store.db, userId, channelId, clock.now());
}

/** Writes at most once an hour. */
async function noteUse({ store, clock }: Context, { id, last_used_at: before }: WebhookRow): Promise<void> {
  const hour = Math.floor(clock.now() / hourMs) * hourMs;
  if (before === null || before < hour) await queries.updateWebhook(store.db, id, { last_used_at: hour });
}

const unknown = () => new AppError("unauthorized", "There is no such webhook.");
const noSuchMessage = () => new AppError("not_found", "There is no such message.");
