import { limits, type Locale, type PushDevice, type PushKind, type PushState } from "@miscord/protocol";
import type { pushSubscriptionBody } from "@miscord/protocol/schemas";
import type { z } from "zod";
import { isUniqueViolation } from "../../store/sql-dialect.ts";
import * as queries from "../../store/queries/push.ts";
import type { Authentication, DomainContext } from "../context.ts";
import { badgeOf } from "./content.ts";
import { testPush } from "./payload.ts";

type Context = Pick<DomainContext, "store" | "clock" | "rates" | "push">;
type Session = Pick<Authentication, "userId" | "sessionId">;

/** The devices of the actor that get pushes, the one used last first. */
export async function pushState(context: Context, session: Session): Promise<PushState> {
  const { store, clock, push } = context;
  const devices = await queries.pushDevices(store.db, [session.userId], clock.now());
  return { public_key: push.publicKey, devices: devices.map((device) => present(device, session)) };
}

/**
 * Subscribes the browser of the actor's session, until the session ends. It takes the place of what the session had
 * before. Throws `invalid_request` for an address that is not a public https address, or keys that are none.
 */
export async function subscribe(
  context: Context,
  session: Session,
  body: z.output<typeof pushSubscriptionBody>,
): Promise<PushState> {
  const { store, clock, rates, push } = context;
  await rates.changes.spend(session.userId);
  const target = { endpoint: body.endpoint, ...body.keys };
  await push.check(target);
  const row = {
    user_id: session.userId,
    session_id: session.sessionId,
    ...target,
    locale: body.locale,
    with_text: Number(body.with_text),
    kinds: [...new Set(body.kinds)].join(","),
    is_mobile: Number(body.is_mobile),
    created_at: clock.now(),
    succeeded_at: null,
    last_status: null,
  };
  const save = () =>
    store.db.transaction().execute((trx) => queries.savePushSubscription(trx, row, limits.pushDevices));
  // Another session of the same browser at the same time.
  await save().catch((error: unknown) => (isUniqueViolation(error) ? save() : Promise.reject(error)));
  return pushState(context, session);
}

export async function unsubscribe({ store }: Pick<DomainContext, "store">, { sessionId }: Session): Promise<void> {
  await queries.deletePushSubscriptionOf(store.db, sessionId);
}

/** Sends a notification to each device of the actor, and answers with what became of it. */
export async function testDevices(context: Context, session: Session): Promise<PushState> {
  const { store, clock, rates, push } = context;
  await rates.pushTests.spend(session.userId);
  const devices = await queries.pushDevices(store.db, [session.userId], clock.now());
  const badge = await badgeOf(store, session.userId, clock);
  await Promise.all(
    devices.map(async (device) => {
      const text = testPush(device.locale as Locale, badge);
      const answer = await push.send(device, text, { ttlS: 60, isUrgent: true, topic: "test" });
      const isGone = answer === "refused" || answer === 404 || answer === 410;
      if (isGone) await queries.deletePushSubscriptions(store.db, [device.id]);
      else await queries.notePushAnswer(store.db, device.id, answer, clock.now());
    }),
  );
  return pushState(context, session);
}

function present(row: queries.PushDeviceRow, { sessionId }: Session): PushDevice {
  const isWorking = row.failures === 0 && row.succeeded_at !== null;
  return {
    id: row.id,
    is_current: row.session_id === sessionId,
    user_agent: row.user_agent,
    is_mobile: row.is_mobile === 1,
    with_text: row.with_text === 1,
    kinds: row.kinds.split(",").filter((kind) => kind !== "") as PushKind[],
    service: new URL(row.endpoint).hostname,
    created_at: new Date(row.created_at).toISOString(),
    delivered_at: row.succeeded_at === null ? null : new Date(row.succeeded_at).toISOString(),
    state: row.failures > 0 ? "failing" : isWorking ? "working" : "new",
    last_status: row.last_status === 0 ? null : row.last_status,
  };
}
