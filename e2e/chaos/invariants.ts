import { type MessageDraft, type MiscordClient, scheduledCalls } from "@miscord/client";
import type { Attachment, Message, PollDraft } from "@miscord/protocol";

interface Sent {
  channelId: number;
  content: string;
}

/** What one client has sent, and which of it the server acknowledged. The invariants compare the history with it. */
export class SendRecord {
  readonly client: MiscordClient;
  readonly sent: Sent[] = [];
  readonly acked = new Map<string, { id: number; seq: number; channelId: number }>();
  readonly failed: string[] = [];
  /** What the server has accepted to send later. */
  readonly scheduled: Sent[] = [];
  readonly #contents = new Map<string, string>();

  constructor(client: MiscordClient) {
    this.client = client;
    client.on("message_acked", ({ nonce, ...ack }) => this.acked.set(this.#contents.get(nonce) ?? "", ack));
    client.on("message_failed", ({ nonce, content }) => this.failed.push(this.#contents.get(nonce) ?? content));
  }

  /** Every content must be unique within the test. */
  send(channelId: number, content: string, poll?: PollDraft): void {
    this.#send(channelId, content, { content, ...(poll && { poll }) });
  }

  /** A voice message has no text of its own. */
  sendVoice(channelId: number, file: Attachment): void {
    this.#send(channelId, fileText(file), { content: "", attachments: [file] });
  }

  #send(channelId: number, content: string, draft: MessageDraft): void {
    this.sent.push({ channelId, content });
    this.#contents.set(this.client.sendMessage(channelId, draft), content);
  }

  /** As `send`, at a later time. */
  async schedule(channelId: number, content: string, send_at: string): Promise<void> {
    await scheduledCalls(this.client.rest).schedule(channelId, { content, send_at });
    this.scheduled.push({ channelId, content });
  }

  /** Connected, with nothing left to send. */
  get isSettled(): boolean {
    const { timelines, connection } = this.client.store.getState();
    return connection.ready && Object.values(timelines).every(({ outbox }) => outbox.length === 0);
  }

  /** For the message of a failed test: the connection and what is still in the outbox. */
  get faultState(): string {
    const { timelines, connection } = this.client.store.getState();
    const waiting = Object.entries(timelines).map(([id, { status, outbox }]) => ({
      [id]: [status, ...outbox.slice(0, 3)],
    }));
    return JSON.stringify({ connection, waiting });
  }
}

/** Every message of a channel that is not deleted, oldest first. */
export async function wholeHistory({ rest }: MiscordClient, channelId: number): Promise<Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const before = messages[0] ? { before: messages[0].id } : {};
    const page = await rest.listMessages(channelId, { limit: 100, ...before });
    messages.unshift(...page.messages);
    if (!page.has_more) return messages;
  }
}

/**
 * Violations in a channel's history, one sentence each. The invariants: a sent message is there once and in the sender's
 * order, an acknowledged message has the acknowledged id and position, and positions rise. So is one that was to be sent later,
 * once its time is past. Deleted messages may be missing; lines that pins have left hold no text.
 */
export function violationsOf(
  channelId: number,
  history: readonly Message[],
  records: readonly SendRecord[],
  deleted: ReadonlySet<string>,
): string[] {
  const violations: string[] = [];
  const texts = history.filter(({ notice }) => !notice);
  const found = Map.groupBy(texts, textOf);
  for (const [content, copies] of found) {
    if (copies.length > 1) violations.push(`"${content}" is there ${copies.length} times`);
  }
  for (const [index, message] of history.entries()) {
    if (message.seq <= (history[index - 1]?.seq ?? 0)) violations.push(`position ${message.seq} is out of order`);
  }
  for (const record of records) violations.push(...violationsOfSender(channelId, found, record, deleted));
  return violations;
}

function violationsOfSender(
  channelId: number,
  found: ReadonlyMap<string, Message[]>,
  { sent, acked, failed, scheduled }: SendRecord,
  deleted: ReadonlySet<string>,
): string[] {
  const late = scheduled.filter((message) => message.channelId === channelId && !deleted.has(message.content));
  const violations = late.flatMap(({ content }) => (found.has(content) ? [] : [`"${content}" was never sent`]));
  let last = 0;
  for (const { content } of sent.filter((message) => message.channelId === channelId)) {
    const ack = acked.get(content);
    const message = found.get(content)?.[0];
    const mayBeMissing = failed.includes(content) || deleted.has(content);
    if (!message && !mayBeMissing) violations.push(`"${content}" ${ack ? "was acknowledged and" : ""} is not there`);
    if (message && ack && (message.id !== ack.id || message.seq !== ack.seq))
      violations.push(`"${content}" has another id or position than was acknowledged`);
    if (message && message.seq < last) violations.push(`"${content}" overtook an earlier one`);
    last = message?.seq ?? last;
  }
  return violations;
}

const fileText = ({ id }: Pick<Attachment, "id">) => `file ${id}`;

/** What tells the message from others: its first text, or its file. */
export function textOf({ content, attachments: [file] }: Message): string {
  return content === "" && file ? fileText(file) : originalOf(content);
}

/** The content before any edit: edits in these tests append to it. */
export function originalOf(content: string): string {
  return content.split(" (edited")[0] ?? content;
}
