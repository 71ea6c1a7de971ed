import type { CustomStatus, Status } from "@miscord/protocol";
import type { ClientState } from "./types.ts";

type Told = { id: number; status?: Status | undefined; custom_status?: CustomStatus | undefined };

/** With the presence of those of whom it is told. */
export function withPresence(state: ClientState, told: readonly Told[]): ClientState {
  const presence = { ...state.presence };
  const customStatuses = { ...state.customStatuses };
  for (const { id, status, custom_status: custom } of told) {
    if (!status) continue;
    presence[id] = status;
    if (custom) customStatuses[id] = custom;
    else delete customStatuses[id];
  }
  return { ...state, presence, customStatuses };
}

/** When the first of the custom statuses ends; it may have already. */
export function nextStatusEnd({ customStatuses, session }: ClientState): number {
  const own = session.me?.custom_status;
  const ends = [...Object.values(customStatuses), ...(own ? [own] : [])].map(({ ends_at: end }) => end);
  return Math.min(...ends.map((end) => (end ? Date.parse(end) : Infinity)));
}

/** Without the custom statuses that have ended. */
export function withoutEnded(state: ClientState, now: number): ClientState {
  if (nextStatusEnd(state) > now) return state;
  const isOver = (end: string | null | undefined) => Boolean(end) && Date.parse(end!) <= now;
  const kept = Object.entries(state.customStatuses).filter(([, { ends_at: end }]) => !isOver(end));
  const { custom_status: own, ...me } = state.session.me ?? {};
  const session = isOver(own?.ends_at) ? { ...state.session, me: me as typeof state.session.me } : state.session;
  return { ...state, session, customStatuses: Object.fromEntries(kept) };
}
