import { savePushSubscription } from "../store/queries/push.ts";
import type { RealtimeWorld, TestPerson } from "./realtime-world.ts";

export interface DeviceChange {
  is_mobile?: number;
  kinds?: string;
  endpoint?: string;
}

/** Subscribes a browser of the person, with a session of its own; returns its endpoint. */
export async function subscribeDevice(
  world: RealtimeWorld,
  person: TestPerson,
  change: DeviceChange & { endpoint: string },
): Promise<string> {
  const { sessionId } = await world.session(person.id);
  const expires_at = world.clock.now() + 30 * 86_400_000;
  await world.store.db.updateTable("sessions").set({ expires_at }).where("id", "=", sessionId).execute();
  const row = {
    user_id: person.id,
    session_id: sessionId,
    p256dh: "",
    auth: "",
    locale: "en",
    with_text: 1,
    kinds: "direct,mention,reply,everyone,invite",
    is_mobile: 0,
    created_at: world.clock.now(),
    succeeded_at: null,
    last_status: null,
    ...change,
  };
  await savePushSubscription(world.store.db, row, 20);
  return change.endpoint;
}
