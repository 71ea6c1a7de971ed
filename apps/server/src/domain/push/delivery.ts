import { isQuiet } from "@miscord/protocol";
import * as queries from "../../store/queries/push.ts";
import { quietHoursOf } from "../../store/queries/users.ts";
import type { PushRow } from "../../store/push-tables.ts";
import type { DomainContext } from "../context.ts";
import { pauseAfter } from "../pause-after.ts";
import { badgeOf, pushContents, type PushContent } from "./content.ts";
import { closes, ring, secretOf, tagOf, takesSilentPushes } from "./payload.ts";

export type PushContext = Pick<DomainContext, "store" | "cluster" | "clock" | "attention" | "push">;

/** An hour: what a push service did not take by then is no news. */
export const givenUpMs = 3_600_000;
/** A closing is not news that ages, so its attempts are counted. */
const closeAttempts = 8;
/** So many failures in a row, for a day, and the device is forgotten; it comes back when it is used. */
const failuresOfTheDead = 8;
const aliveMs = 86_400_000;
/** A phone that was not used for so long before another device was may lie in a drawer. */
const carriedMs = 7 * 86_400_000;
/** A success is noted again after this time. */
const notedMs = 3_600_000;
const ttlS = 86_400;

/** A row, the device it is for, and all devices of its user. */
export interface Delivery {
  readonly row: PushRow;
  readonly device: queries.PushDeviceRow;
  readonly own: readonly queries.PushDeviceRow[];
  /** Null for a row that closes. */
  readonly content: PushContent | null;
}

/** Sends one row and notes what became of it. Resolves with the answer; null: nothing was sent. */
export async function deliver(context: PushContext, delivery: Delivery): Promise<number | "refused" | null> {
  return delivery.content ? deliverRing(context, delivery, delivery.content) : deliverClose(context, delivery);
}

async function deliverRing(
  context: PushContext,
  { row, device, own }: Delivery,
  content: PushContent,
): Promise<number | "refused"> {
  const { store, clock, push } = context;
  const waiting = await queries.waitingCloses(store.db, device.id);
  const badge = await badgeOf(store, row.user_id, clock);
  const isSilent = !rings(
    device,
    own.filter((other) => wants(other, content, clock.now())),
  );
  const text = ring(row, { device, content, badge, secret: secretOf(device, row.id), closed: waiting, isSilent });
  const answer = await push.send(device, text, { ttlS: content.ttlS ?? ttlS, isUrgent: true, topic: tagOf(row) });
  if (!(await isTaken(context, { row, device }, answer))) return answer;
  await queries.deletePushes(
    store.db,
    waiting.map(({ id }) => id),
  );
  if (row.alert !== null) {
    // There is nothing to read that would take it away.
    await queries.deletePushes(store.db, [row.id]);
    return answer;
  }
  await queries.deleteReplacedPushes(store.db, row);
  await queries.changePush(store.db, row.id, { state: "shown", due_at: null });
  // It was read while it was on its way.
  if (!(await pushContents(context, [row])).has(row.id)) {
    await queries.changePush(store.db, row.id, { state: "close", due_at: clock.now(), attempts: 0 });
  }
  return answer;
}

async function deliverClose(context: PushContext, { row, device }: Delivery): Promise<number | "refused" | null> {
  const { store, clock, push } = context;
  // It goes with the next push that shows something, or when the page is opened.
  if (!takesSilentPushes(device)) {
    await queries.changePush(store.db, row.id, { due_at: null });
    return null;
  }
  const text = closes([row], await badgeOf(store, row.user_id, clock));
  const answer = await push.send(device, text, { ttlS, isUrgent: false, topic: tagOf(row) });
  if (await isTaken(context, { row, device }, answer)) await queries.deletePushes(store.db, [row.id]);
  return answer;
}

/** Whether the push service took it; otherwise the row is tried again later, or goes with its device. */
async function isTaken(
  { store, clock }: PushContext,
  { row, device }: Pick<Delivery, "row" | "device">,
  answer: number | "refused",
): Promise<boolean> {
  const now = clock.now();
  if (answer === 404 || answer === 410 || answer === "refused") {
    await queries.deletePushSubscriptions(store.db, [device.id]);
    await queries.deletePushes(store.db, [row.id]);
    return false;
  }
  const isSuccess = answer >= 200 && answer < 300;
  const isNews = !isSuccess || device.failures > 0 || (device.succeeded_at ?? 0) < now - notedMs;
  if (isNews) await queries.notePushAnswer(store.db, device.id, answer, now);
  if (isSuccess) return true;
  const isDead = device.failures + 1 >= failuresOfTheDead && (device.failing_since ?? now) < now - aliveMs;
  if (isDead) await queries.deletePushSubscriptions(store.db, [device.id]);
  const isRefused = answer >= 400 && answer < 500 && answer !== 408 && answer !== 429;
  const isTooLate = row.state === "close" ? row.attempts >= closeAttempts : now - row.created_at > givenUpMs;
  if (isDead || isRefused || isTooLate) await queries.deletePushes(store.db, [row.id]);
  else await queries.changePush(store.db, row.id, { due_at: now + pauseAfter(row) });
  return false;
}

export function wants(device: queries.PushDeviceRow, { kind }: PushContent, now: number): boolean {
  const { kinds, status } = device;
  const isUndisturbed = status === "dnd" || isQuiet(quietHoursOf(device), now);
  return !isUndisturbed && (kind === null || kinds.split(",").includes(kind));
}

/**
 * Whether the device is the one of its person's that rings. One whose push service fails rings when it is reached again,
 * and another one meanwhile.
 */
function rings(device: queries.PushDeviceRow, devices: readonly queries.PushDeviceRow[]): boolean {
  const reached = devices.filter(({ failures }) => failures === 0);
  return device === firstOf(devices) || device === firstOf(reached);
}

/** The phone that was used last, or else the computer. Those used last come first. */
function firstOf(devices: readonly queries.PushDeviceRow[]): queries.PushDeviceRow | undefined {
  const [latest] = devices;
  if (!latest) return undefined;
  const carriedSince = latest.last_used_at - carriedMs;
  return devices.find((device) => device.is_mobile === 1 && device.last_used_at >= carriedSince) ?? latest;
}
