import type { MainEvent } from "@miscord/protocol";
import type { ClientState, TypingEntry } from "./types.ts";

/** No event ends typing: it expires this long after the latest `typing` event. */
const typingLastsMs = 8_000;

type Typing = Record<number, Record<number, TypingEntry>>;

/** A new message ends its author's typing. Typing of the user in other tabs is ignored. */
export function reduceTyping(state: ClientState, events: readonly MainEvent[], now: number): ClientState {
  let typing: Typing | null = null;
  for (const event of events) {
    if (event.type === "typing" && event.user.id !== state.session.me?.id) {
      typing ??= { ...state.typing };
      typing[event.channel_id] = {
        ...typing[event.channel_id],
        [event.user.id]: { user: event.user, until: now + typingLastsMs },
      };
    }
    if (event.type === "new_message" && (typing ?? state.typing)[event.channel_id]?.[event.data.author.id]) {
      typing ??= { ...state.typing };
      const { [event.data.author.id]: _done, ...others } = typing[event.channel_id] ?? {};
      typing[event.channel_id] = others;
    }
  }
  return typing ? { ...state, typing: withoutEmpty(typing) } : state;
}

export function expireTyping(state: ClientState, now: number): ClientState {
  const left = Object.entries(state.typing).map(([channelId, people]) => {
    const still = Object.entries(people).filter(([, entry]) => entry.until > now);
    return [channelId, Object.fromEntries(still)] as const;
  });
  return { ...state, typing: withoutEmpty(Object.fromEntries(left)) };
}

/** When the next entry expires, in milliseconds since the epoch; null when nobody types. */
export function nextTypingExpiry(state: ClientState): number | null {
  const times = Object.values(state.typing).flatMap((people) => Object.values(people).map((entry) => entry.until));
  return times.length === 0 ? null : Math.min(...times);
}

function withoutEmpty(typing: Readonly<Typing>): Typing {
  return Object.fromEntries(Object.entries(typing).filter(([, people]) => Object.keys(people).length > 0));
}
