import type { CustomStatus, Me, Status } from "@miscord/protocol";
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

const endOf = (status: CustomStatus | undefined) => (status?.ends_at ? Date.parse(status.ends_at) : Infinity);

/** When the first of the custom statuses ends; it may have already. */
export function nextStatusEnd({ customStatuses, session }: ClientState): number {
  return Math.min(...[session.me?.custom_status, ...Object.values(customStatuses)].map(endOf));
}

/** Without the custom statuses that have ended. */
export function withoutEnded(state: ClientState, now: number): ClientState {
  const { customStatuses, session } = state;
  if (nextStatusEnd(state) > now) return state;
  const kept = Object.entries(customStatuses).filter(([, status]) => endOf(status) > now);
  const { custom_status: own, ...me } = session.me ?? {};
  const isOver = endOf(own) <= now;
  return {
    ...state,
    session: isOver ? { ...session, me: me as Me } : session,
    customStatuses: Object.fromEntries(kept),
  };
}
