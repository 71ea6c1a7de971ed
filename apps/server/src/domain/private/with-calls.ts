import type { DmState } from "@miscord/protocol";
import { ringsFor } from "../../store/queries/calls.ts";
import type { DomainContext } from "../context.ts";
import type { PrivateCalls } from "../ports.ts";

/** The user's private channels with their calls; a request does not show its call. `only`: all are this one. */
export async function withCalls(
  { store, voice }: Pick<DomainContext, "store"> & PrivateCalls,
  userId: number,
  dms: readonly DmState[],
  only?: number,
): Promise<DmState[]> {
  if (dms.length === 0) return [];
  const rings = await ringsFor(store.db, userId, only);
  return dms.map((dm) => {
    if (dm.is_request) return dm;
    const [states, ringing] = [voice.statesIn(dm.id), rings.get(dm.id)];
    return { ...dm, ...(states.length > 0 && { voice_states: states }), ...(ringing && { rings: ringing }) };
  });
}
