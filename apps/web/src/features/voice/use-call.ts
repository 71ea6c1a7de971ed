import type { CallState, ClientState } from "@miscord/client";
import { useStore } from "zustand";
import { useClient, useClientState, useMe } from "../../core/client.ts";

/** Selects from the call's state. Renders again only when the selected value changes. */
export function useCall<Value>(selector: (state: CallState) => Value): Value {
  return useStore(useClient().voice.store, selector);
}

/** Whether the user speaks now: at once within the same call, with up to a second of delay from outside. */
export function useIsSpeaking(channelId: number, userId: number): boolean {
  const me = useMe();
  const inside = useCall(({ channelId: joined, isSpeaking, participants }) => {
    if (joined !== channelId) return null;
    return userId === me.id ? isSpeaking : (participants[userId]?.is_speaking ?? false);
  });
  const outside = useClientState((state) => memberOf(state, channelId, userId)?.is_speaking ?? false);
  return inside ?? outside;
}

function memberOf(state: ClientState, channelId: number, userId: number) {
  return state.voice[channelId]?.find(({ user }) => user.id === userId);
}
