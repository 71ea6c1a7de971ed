import type { ChannelEvent, MainEvent, Message } from "@miscord/protocol";

/** Answer of the store's `changesSince`. */
export interface Changes {
  /** The channel's current position. */
  seq: number;
  /** Changed messages by `updated_seq`; null when there are too many or the position lies beyond the channel. */
  changes: Message[] | null;
}

/** The store's `changesSince`: messages changed after a position, from one snapshot. */
export type ChangesSince = (channelId: number, afterSeq: number, limit: number, bytes?: number) => Promise<Changes>;

/** Most messages and bytes of a replay. */
export interface ReplayLimits {
  readonly messages: number;
  readonly bytes: number;
}

/** Of the JSON of an event beside its message, and of one without. */
const envelopeBytes = 100;
/** A message of the usual size takes less. */
const usualBytes = 1_024;
/** Of messages whose bytes are asked for several times. */
const known = new WeakMap<Message, number>();

/** The changed messages, or null when there are too many to be replayed. */
export function replayable({ changes }: Changes, { bytes }: ReplayLimits): readonly Message[] | null {
  return changes !== null && bytesOf(changes) <= bytes ? changes : null;
}

/** What reading and replaying these costs, in messages of the usual size. */
export function costOf({ changes }: Changes, { messages }: ReplayLimits): number {
  return changes === null ? messages : Math.max(changes.length, Math.floor(bytesOf(changes) / usualBytes));
}

/** Each changed message as one event: new, edited (any change of a message known at `afterSeq`) or deleted. */
export function replayOf(changes: readonly Message[], afterSeq: number): ChannelEvent[] {
  return changes.map((message): ChannelEvent => {
    const { id, channel_id, updated_seq: seq } = message;
    if (message.is_deleted) {
      return {
        type: "message_deleted",
        channel_id,
        seq,
        data: { message_id: id, channel_id, text_channel_id: channel_id },
      };
    }
    return { type: message.seq > afterSeq ? "new_message" : "message_edited", channel_id, seq, data: message };
  });
}

/**
 * Bytes of the replay's JSON. Of all that a message may hold nearly everything is written by its author, and a letter takes up to
 * six bytes: an estimate would let a replay through that fills the reader's write budget, each time that they come back.
 */
export function bytesOf(changes: readonly Message[]): number {
  return changes.reduce((sum, message) => sum + bytesOfOne(message), 0);
}

function bytesOfOne(message: Message): number {
  const bytes = known.get(message) ?? envelopeBytes + Buffer.byteLength(JSON.stringify(message));
  known.set(message, bytes);
  return bytes;
}

/** The events in parts that are encoded one at a time, so that no large one keeps others waiting. */
export function* partsOf(
  events: readonly MainEvent[],
  most: { events: number; bytes: number },
): Generator<MainEvent[]> {
  let part: MainEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size =
      event.type === "new_message" || event.type === "message_edited" ? bytesOf([event.data]) : envelopeBytes;
    if (part.length === most.events || (part.length > 0 && bytes + size > most.bytes)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(event);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
