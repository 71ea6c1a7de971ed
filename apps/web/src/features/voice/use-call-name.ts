import { useClientState } from "../../core/client.ts";
import { dmName } from "../../core/people.ts";

/** The name of the channel of a call, which may be a private one; empty for one that is gone. */
export function useCallName(channelId: number): string {
  return useClientState((state) =>
    channelId in state.dms ? dmName(state, channelId) : (state.channels[channelId]?.name ?? ""),
  );
}
