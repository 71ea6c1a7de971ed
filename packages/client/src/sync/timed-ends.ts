import type { StoreApi } from "zustand/vanilla";
import type { ClientContext } from "../client-context.ts";
import type { Timer } from "../platform.ts";
import { nextMuteEnd } from "../state/notification-levels.ts";
import { nextStatusEnd, withoutEnded } from "../state/presence.ts";
import { heldBackIn, heldUntil } from "../state/rights.ts";
import type { ClientState } from "../state/types.ts";

type Context = Pick<ClientContext, "clock" | "update" | "defer">;

/** Longest delay of a timer in browsers and Node. */
const longestMs = 2 ** 31 - 1;

/**
 * Tells the readers of the state when a time out of the user, a raid mode, a mute or the wait before the first message ends, and
 * takes custom statuses that have ended out of it. No event comes then: what the user may do, and
 * what is muted, follows from the state and the time.
 */
export class TimedEnds {
  readonly #context: Context;
  #timer: { at: number; handle: Timer } | null = null;

  constructor(context: Context, store: Pick<StoreApi<ClientState>, "subscribe">) {
    this.#context = context;
    store.subscribe((state, { servers, channels, inbox, customStatuses, session }) => {
      const isOther = state.customStatuses !== customStatuses || state.session !== session;
      if (isOther || state.servers !== servers || state.channels !== channels || state.inbox !== inbox)
        this.#schedule(state);
    });
  }

  clear(): void {
    this.#timer?.handle.cancel();
    this.#timer = null;
  }

  #schedule(state: ClientState): void {
    const { clock, defer, update } = this.#context;
    const now = clock.now();
    const waits = Object.keys(state.servers).map((id) => heldBackIn(state, Number(id), now)?.until ?? Infinity);
    const at = Math.min(nextTimeOutEnd(state, now), nextMuteEnd(state, now), nextStatusEnd(state), ...waits);
    if (at === (this.#timer?.at ?? Infinity)) return;
    this.clear();
    if (at === Infinity) return;
    const onTime = () => {
      this.#timer = null;
      defer(() => update((present) => ({ ...withoutEnded(present, clock.now()), servers: { ...present.servers } })));
    };
    this.#timer = { at, handle: clock.setTimeout(onTime, Math.min(longestMs, Math.max(0, at - now))) };
  }
}

function nextTimeOutEnd({ servers }: ClientState, now: number): number {
  const times = Object.values(servers).flatMap((server) => [heldUntil(server), server.raid_mode?.until]);
  const ends = times.map((time) => new Date(time ?? 0).getTime());
  return Math.min(...ends.filter((end) => end > now));
}
