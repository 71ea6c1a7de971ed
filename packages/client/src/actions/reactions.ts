import type { Message, Reaction } from "@miscord/protocol";
import { indexOf, withReaction } from "../state/messages.ts";
import { withTimeline } from "../state/outgoing.ts";
import type { ClientState } from "../state/types.ts";
import type { SyncContext } from "../sync/context.ts";

/**
 * Reactions show at once. Should the server refuse, the chip goes back to what it was, unless an event has said meanwhile how
 * it really is.
 */
export class Reactions {
  readonly #context: SyncContext;
  /** Clicks on the same chip go out in their order. */
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(context: SyncContext) {
    this.#context = context;
  }

  async set(messageId: number, emoji: string, on: boolean): Promise<void> {
    const { before, shown } = this.#show(messageId, emoji, on);
    const key = `${messageId} ${emoji}`;
    const earlier = this.#underWay.get(key) ?? Promise.resolve();
    const call = earlier.catch(() => {}).then(() => this.#tell(messageId, emoji, on));
    this.#underWay.set(key, call);
    try {
      await call;
    } catch (error) {
      this.#replace(messageId, shown, before ?? { emoji, count: 0, user_ids: [] });
      throw error;
    } finally {
      if (this.#underWay.get(key) === call) this.#underWay.delete(key);
    }
  }

  #tell(messageId: number, emoji: string, on: boolean): Promise<void> {
    const { rest } = this.#context;
    return on ? rest.addReaction(messageId, emoji) : rest.removeReaction(messageId, emoji);
  }

  #show(messageId: number, emoji: string, on: boolean): { before: Reaction | null; shown: Reaction | null } {
    const state = this.#context.state();
    const ownId = state.session.me?.id;
    const message = findMessage(state, messageId);
    const before = message?.reactions.find((reaction) => reaction.emoji === emoji) ?? null;
    if (!message || ownId === undefined) return { before, shown: before };
    const others = before?.user_ids.filter((id) => id !== ownId) ?? [];
    const isAlready = (before?.user_ids.includes(ownId) ?? false) === on;
    if (isAlready) return { before, shown: before };
    const userIds = on ? [...others, ownId] : others;
    const shown: Reaction = { emoji, count: userIds.length, user_ids: userIds };
    this.#context.update((current) => withReactionOn(current, message, shown));
    return { before, shown };
  }

  #replace(messageId: number, shown: Reaction | null, before: Reaction): void {
    const message = findMessage(this.#context.state(), messageId);
    const present = message?.reactions.find((reaction) => reaction.emoji === before.emoji);
    // A chip that was taken away optimistically is absent rather than empty.
    const isUntouched = shown?.count === 0 ? present === undefined : present === shown;
    if (message && shown && isUntouched) this.#context.update((state) => withReactionOn(state, message, before));
  }
}

function withReactionOn(state: ClientState, { id, channel_id: channelId }: Message, reaction: Reaction): ClientState {
  return withTimeline(state, channelId, (timeline) => ({
    ...timeline,
    messages: timeline.messages.map((message) =>
      message.id === id ? { ...message, reactions: withReaction(message.reactions, reaction) } : message,
    ),
  }));
}

function findMessage(state: ClientState, messageId: number): Message | null {
  for (const { messages } of Object.values(state.timelines)) {
    const message = messages[indexOf(messages, messageId)];
    if (message) return message;
  }
  return null;
}
