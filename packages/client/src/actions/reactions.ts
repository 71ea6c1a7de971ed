import type { Message, Reaction } from "@miscord/protocol";
import { indexOf, withClicked, withReaction } from "../state/messages.ts";
import { withTimeline } from "../state/outgoing.ts";
import type { ClientState } from "../state/types.ts";
import type { ClientContext } from "../client-context.ts";

/** Clicks on one emoji of one message that the server has not answered yet. */
interface PendingReaction {
  /** The reaction as the server last sent it; null when nobody has reacted. */
  confirmed: Reaction | null;
  /** The reaction as the latest click left it. */
  shown: Reaction | null;
  latest: Promise<void>;
}

/**
 * Reactions are shown at once. If the server refuses, the reaction is reverted to its last confirmed value, unless an
 * event has updated it meanwhile. Clicks on the same emoji of a message are sent in order.
 */
export class Reactions {
  readonly #context: ClientContext;
  readonly #pending = new Map<string, PendingReaction>();

  constructor(context: ClientContext) {
    this.#context = context;
  }

  async set(messageId: number, chosen: string, on: boolean): Promise<void> {
    const emoji = this.#namedOn(messageId, chosen);
    const key = `${messageId} ${emoji}`;
    const earlier = this.#pending.get(key);
    const before = this.#chip(messageId, emoji);
    const shown = this.#show(messageId, emoji, on);
    const call = (earlier?.latest ?? Promise.resolve()).catch(() => {}).then(() => this.#send(messageId, emoji, on));
    // An event replaces the reaction object, even by an equal one. The object of an earlier click was never confirmed:
    // reverting to it would leave a reaction that nobody set.
    const confirmed = earlier && before === earlier.shown ? earlier.confirmed : before;
    const pending = { confirmed, shown, latest: call };
    this.#pending.set(key, pending);
    try {
      await call;
    } catch (error) {
      if (this.#pending.get(key) === pending) this.#revert(messageId, emoji, pending);
      throw error;
    } finally {
      if (this.#pending.get(key) === pending) this.#pending.delete(key);
    }
  }

  #send(messageId: number, emoji: string, on: boolean): Promise<void> {
    const { rest } = this.#context;
    return on ? rest.addReaction(messageId, emoji) : rest.removeReaction(messageId, emoji);
  }

  /** An emoji of a server that was renamed stays one reaction, under the name that it has on the message. */
  #namedOn(messageId: number, emoji: string): string {
    const id = idIn(emoji);
    const reactions = id === undefined ? [] : findMessage(this.#context.state(), messageId)?.reactions;
    return reactions?.find((one) => idIn(one.emoji) === id)?.emoji ?? emoji;
  }

  /** Returns the reaction after the change; null when there is none. */
  #show(messageId: number, emoji: string, on: boolean): Reaction | null {
    const state = this.#context.state();
    const ownId = state.session.me?.id;
    const message = findMessage(state, messageId);
    const before = this.#chip(messageId, emoji);
    if (!message || ownId === undefined || (before?.user_ids.includes(ownId) ?? false) === on) return before;
    const others = before?.user_ids.filter((id) => id !== ownId) ?? [];
    const userIds = on ? [...others, ownId] : others;
    const shown: Reaction = { emoji, count: userIds.length, user_ids: userIds };
    this.#context.update((current) => withReactions(current, message, (chips) => withClicked(chips, shown)));
    return this.#chip(messageId, emoji);
  }

  #revert(messageId: number, emoji: string, { confirmed, shown }: PendingReaction): void {
    const message = findMessage(this.#context.state(), messageId);
    if (!message || this.#chip(messageId, emoji) !== shown) return;
    this.#context.update((state) =>
      withReactions(state, message, (chips) =>
        confirmed ? withClicked(chips, confirmed) : withReaction(chips, { emoji, count: 0, user_ids: [] }),
      ),
    );
  }

  #chip(messageId: number, emoji: string): Reaction | null {
    const message = findMessage(this.#context.state(), messageId);
    return message?.reactions.find((reaction) => reaction.emoji === emoji) ?? null;
  }
}

/** Of `<:name:id>`; undefined for an emoji of Unicode. */
const idIn = (emoji: string): string | undefined => emoji.split(":")[2];

function withReactions(
  state: ClientState,
  { id, channel_id: channelId }: Message,
  change: (reactions: readonly Reaction[]) => Reaction[],
): ClientState {
  return withTimeline(state, channelId, (timeline) => ({
    ...timeline,
    messages: timeline.messages.map((message) =>
      message.id === id ? { ...message, reactions: change(message.reactions) } : message,
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
