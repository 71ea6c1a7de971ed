import type { MiscordClient } from "@miscord/client";
import type { Message } from "@miscord/protocol";

interface Sent {
  channelId: number;
  content: string;
}

/** What one client was told about its own messages: the ground on which the server is held to its word. */
export class Witness {
  readonly client: MiscordClient;
  readonly sent: Sent[] = [];
  readonly acked = new Map<string, { id: number; seq: number; channelId: number }>();
  readonly failed: string[] = [];
  readonly #contents = new Map<string, string>();

  constructor(client: MiscordClient) {
    this.client = client;
    client.on("message_acked", ({ nonce, ...ack }) => this.acked.set(this.#contents.get(nonce) ?? "", ack));
    client.on("message_failed", ({ content }) => this.failed.push(content));
  }

  /** Every content must be the only one of its kind. */
  send(channelId: number, content: string): void {
    this.sent.push({ channelId, content });
    this.#contents.set(this.client.sendMessage(channelId, { content }), content);
  }

  get isSettled(): boolean {
    const { timelines, connection } = this.client.store.getState();
    return connection.ready && Object.values(timelines).every(({ outbox }) => outbox.length === 0);
  }

  /** For whoever wonders why it is not settled. */
  get plight(): string {
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
 * Everything wrong with a channel's history, in words: what was sent is there once, in the order of writing, what was
 * acknowledged has the id and the position that were promised, and positions rise. Deleted messages are excused.
 */
export function faultsOf(
  channelId: number,
  history: readonly Message[],
  witnesses: readonly Witness[],
  deleted: ReadonlySet<string>,
): string[] {
  const faults: string[] = [];
  const found = Map.groupBy(history, ({ content }) => originalOf(content));
  for (const [content, copies] of found) {
    if (copies.length > 1) faults.push(`"${content}" is there ${copies.length} times`);
  }
  for (const [index, message] of history.entries()) {
    if (message.seq <= (history[index - 1]?.seq ?? 0)) faults.push(`position ${message.seq} is out of order`);
  }
  for (const witness of witnesses) faults.push(...brokenPromises(channelId, found, witness, deleted));
  return faults;
}

function brokenPromises(
  channelId: number,
  found: ReadonlyMap<string, Message[]>,
  { sent, acked, failed }: Witness,
  deleted: ReadonlySet<string>,
): string[] {
  const faults: string[] = [];
  let last = 0;
  for (const { content } of sent.filter((message) => message.channelId === channelId)) {
    const ack = acked.get(content);
    const message = found.get(content)?.[0];
    const isExcused = failed.includes(content) || deleted.has(content);
    if (!message && !isExcused) faults.push(`"${content}" ${ack ? "was acknowledged and" : ""} is not there`);
    if (message && ack && (message.id !== ack.id || message.seq !== ack.seq))
      faults.push(`"${content}" is not what was acknowledged`);
    if (message && message.seq < last) faults.push(`"${content}" overtook an earlier one`);
    last = message?.seq ?? last;
  }
  return faults;
}

/** Edits in these tests append to what was there. */
export function originalOf(content: string): string {
  return content.split(" (edited")[0] ?? content;
}
