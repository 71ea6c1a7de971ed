import { claimDue, isDue } from "../../store/queries/outbox.ts";
import * as queries from "../../store/queries/push.ts";
import type { PushRow } from "../../store/push-tables.ts";
import { pushContents } from "./content.ts";
import { pauseAfter } from "../pause-after.ts";
import type { DueWork } from "../due-work/due-work.ts";
import { deliver, givenUpMs, wants, type Delivery, type PushContext } from "./delivery.ts";
import { tagOf } from "./payload.ts";
import { ServiceHealth } from "./service-health.ts";

const claimName = "push";
/** A push leaves after this time at the latest, unless many wait. */
const pauseMs = 500;
/** After a failure of the store. */
const restMs = 10_000;
/** Rows that are being sent. */
const maxHands = 24;
/** Of these, for one user, and for push services that have not yet answered, or not lately. */
const maxOfUser = 4;
const maxUnproven = 8;
/** Longer than it takes to send a row, which waits for one other at most. A push service may hold each up for ten seconds. */
const leaseMs = 60_000;
/** Before a row is looked at again that found no place. */
const crowdedMs = 1_000;
/** A row whose sending failed so often in this process, and not at the push service, is dropped. */
const faultsOfTheBroken = 8;
/** Somebody who looked away may still count as looking for this long; whose device vanished, for the second. */
const leavingMs = [3_000, 40_000] as const;
const stopMs = 2_000;

/**
 * Sends what is in the outbox. A row is leased for as long as it is being sent and goes, or stays as shown, once a push
 * service has taken it: after a node was killed, another one sends what was not taken. Of several nodes one does this.
 * Returns the function that stops it, which waits two seconds for what is being sent.
 */
export function startPushing(
  context: PushContext,
  due: DueWork,
  onError: (error: unknown) => void,
): () => Promise<void> {
  const { clock } = context;
  const pusher = new Pusher(context, onError);
  let restUntil = 0;
  const work = async () => {
    if (clock.monotonic() < restUntil) return;
    // The database may be away, which everything else says as well.
    restUntil = clock.monotonic() + restMs;
    await pusher.take();
    restUntil = 0;
  };
  const stop = due.add({ kinds: ["push"], pauseMs, work, onError });
  return async () => {
    stop();
    pusher.stop();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = clock.setTimeout(resolve, stopMs);
    await Promise.race([pusher.settled(), promise]);
    timer.cancel();
  };
}

/** Exported for tests; `startPushing` runs it. */
export class Pusher {
  readonly #context: PushContext;
  readonly #health: ServiceHealth;
  readonly #onError: (error: unknown) => void;
  /** What is being sent. */
  readonly #hands = new Map<Promise<void>, { userId: number; origin: string; place: string }>();
  #isStopped = false;

  constructor(context: PushContext, onError: (error: unknown) => void) {
    this.#context = context;
    this.#health = new ServiceHealth(context.clock);
    this.#onError = onError;
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Resolves when nothing is being sent. */
  async settled(): Promise<void> {
    while (this.#hands.size > 0) await Promise.all(this.#hands.keys());
  }

  /** Sends all that is due, and resolves when it was. */
  async run(): Promise<void> {
    await this.take();
    await this.settled();
  }

  /** Begins to send what is due, if this node is the one that does it. Nothing waits for a push that is under way. */
  async take(): Promise<void> {
    const { store, cluster, clock } = this.#context;
    while (!this.#isStopped && (await isDue(store.db, "pushes", clock.now()))) {
      if ((await cluster.claim(claimName)) !== cluster.nodeId) return;
      if (this.#hands.size >= maxHands) await Promise.race(this.#hands.keys());
      const now = clock.now();
      const limit = maxHands - this.#hands.size;
      await this.#send(await claimDue(store.db, "pushes", { now, leaseUntil: now + leaseMs, limit }));
    }
  }

  async #send(rows: readonly PushRow[]): Promise<void> {
    const postponed = new Postponed();
    const wanted = await this.#wanted(rows);
    const newest = newestRings(wanted);
    const decided = new Map<PushRow, { until: number | null }>();
    // The newest of each place come first.
    for (const delivery of wanted.toReversed()) {
      const origin = new URL(delivery.device.endpoint).origin;
      const { row } = delivery;
      const before = decided.get(newest.get(placeOf(row)) ?? row);
      if (before?.until === null) {
        // Once that was taken, this goes. Until then it is kept: the newest may be deleted, or refused.
        postponed.add(this.#context.clock.now() + leaseMs, row);
        continue;
      }
      const until = before && row.state === "ring" ? before.until : this.#waitsUntil(delivery, origin);
      decided.set(row, { until });
      if (until !== null) postponed.add(until, row);
      else this.#take(delivery, origin);
    }
    await postponed.write(this.#context);
  }

  /** Deletes rows that are not to be sent, and returns the others. */
  async #wanted(rows: readonly PushRow[]): Promise<Delivery[]> {
    const { store, clock } = this.#context;
    const now = clock.now();
    const users = [...new Set(rows.map((row) => row.user_id))];
    const devices = await queries.pushDevices(store.db, users, now);
    const byId = new Map(devices.map((device) => [device.id, device]));
    const isNews = (row: PushRow) => row.state === "ring" && now - row.created_at <= givenUpMs;
    const contents = await pushContents(this.#context, rows.filter(isNews));
    const [wanted, unsure]: [Delivery[], PushRow[]] = [[], []];
    for (const row of rows) {
      const device = byId.get(row.subscription_id);
      const content = contents.get(row.id) ?? null;
      const isWanted = device && (row.state === "close" || (content && wants(device, content, now)));
      // An earlier attempt may have arrived, and was read since.
      const isUnsure = !content && row.attempts > 1 && isNews(row);
      if (device && isUnsure) unsure.push(row);
      if (!isWanted) continue;
      wanted.push({ row, device, content, own: devices.filter((own) => own.user_id === row.user_id) });
    }
    for (const { id } of unsure) await queries.changePush(store.db, id, { state: "close", due_at: now, attempts: 0 });
    const kept = new Set([...wanted.map(({ row }) => row), ...unsure]);
    await queries.deletePushes(
      store.db,
      rows.filter((row) => !kept.has(row)).map(({ id }) => id),
    );
    return wanted;
  }

  /** When to look at it again; null: it may be sent now. */
  #waitsUntil({ row, content }: Delivery, origin: string): number | null {
    const now = this.#context.clock.now();
    // Whoever is there does not find an alert.
    if (content && row.alert === null && this.#context.attention.isActive(row.user_id)) {
      // Somebody who is there finds it; if they have left without reading it, they are told after all.
      const next = leavingMs.find((after) => now < row.created_at + after);
      return next === undefined ? 0 : row.created_at + next;
    }
    const illUntil = this.#health.illUntil(origin);
    if (illUntil !== null) return illUntil;
    const hands = [...this.#hands.values()];
    const isCrowded =
      // A notification and its closing must not overtake each other.
      hands.some(({ place }) => place === placeOf(row)) ||
      hands.filter(({ userId }) => userId === row.user_id).length >= maxOfUser ||
      (!this.#health.isProven(origin) &&
        hands.filter((other) => !this.#health.isProven(other.origin)).length >= maxUnproven);
    return isCrowded ? now + crowdedMs : null;
  }

  #take(delivery: Delivery, origin: string): void {
    const work = this.#deliver(delivery, origin)
      .catch((error: unknown) => this.#failed(delivery.row, error))
      .finally(() => this.#hands.delete(work));
    this.#hands.set(work, { userId: delivery.row.user_id, origin, place: placeOf(delivery.row) });
  }

  async #deliver(delivery: Delivery, origin: string): Promise<void> {
    const { store, clock } = this.#context;
    const until = await this.#health.enter(origin);
    if (until !== null || this.#isStopped) {
      if (until === null) this.#health.left(origin, null);
      return queries.postponePushes(store.db, [delivery.row.id], until ?? clock.now());
    }
    let answer: number | "refused" | null = null;
    try {
      answer = await deliver(this.#context, delivery);
    } finally {
      this.#health.left(origin, answer === "refused" ? null : answer);
    }
  }

  /** A fault here, which may be one of this row: the others go on. */
  async #failed(row: PushRow, error: unknown): Promise<void> {
    if (this.#isStopped) return;
    this.#onError(error);
    const { store, clock } = this.#context;
    const change =
      row.attempts >= faultsOfTheBroken
        ? queries.deletePushes(store.db, [row.id])
        : queries.changePush(store.db, row.id, { due_at: clock.now() + pauseAfter(row) });
    // The lease ends in any case.
    await change.catch(this.#onError);
  }
}

/** Rows that are looked at again later, which is no attempt. */
class Postponed {
  readonly #rows = new Map<number, number[]>();

  /** `until` 0: never. */
  add(until: number, { id }: PushRow): void {
    this.#rows.set(until, [...(this.#rows.get(until) ?? []), id]);
  }

  async write({ store: { db } }: PushContext): Promise<void> {
    for (const [until, ids] of this.#rows) {
      if (until === 0) await queries.deletePushes(db, ids);
      else await queries.postponePushes(db, ids, until);
    }
  }
}

/** Of the rings for one channel, or for one notification without a channel, on one device the newest. */
function newestRings(all: readonly Delivery[]): ReadonlyMap<string, PushRow> {
  return new Map(all.flatMap(({ row }) => (row.state === "ring" ? [[placeOf(row), row] as const] : [])));
}

function placeOf(row: PushRow): string {
  return `${row.subscription_id} ${tagOf(row)}`;
}
