import { every } from "../../concurrency/every.ts";
import { Semaphore } from "../../concurrency/semaphore.ts";
import * as queries from "../../store/queries/push.ts";
import type { PushRow } from "../../store/push-tables.ts";
import type { DomainContext } from "../context.ts";
import { badgeOf, pushContents, type PushContent } from "./content.ts";
import { closes, ring, tagOf, takesSilentPushes } from "./payload.ts";
import { newSecret, digest } from "../accounts/secrets.ts";

export type PushContext = Pick<DomainContext, "store" | "cluster" | "clock" | "attention" | "push">;

const claimName = "push";
/** A push leaves after this time at the latest, unless many wait. */
const everyMs = 500;
/** After a failure. */
const pauseMs = 10_000;
const rowsAtOnce = 32;
const sendsAtOnce = 8;
/** Longer than it takes to send all rows of a claim, each of which a push service may hold up for ten seconds. */
const leaseMs = 60_000;
/** An hour: what a push service did not take by then is no news. */
const givenUpMs = 3_600_000;
const firstPauseMs = 15_000;
/** So many failures in a row, without a success for a day, and the device is forgotten; it comes back when it is used. */
const failuresOfTheDead = 8;
const aliveMs = 86_400_000;
const ttlS = 86_400;
const leavingMs = 3_000;

/**
 * Sends what is in the outbox. A row is leased for as long as it is being sent and goes, or stays as shown, once a push
 * service has taken it: after a node was killed, another one sends what was not taken. Of several nodes one does this.
 * Returns the function that stops it, which resolves when nothing is being sent any more.
 */
export function startPushing(context: PushContext, onError: (error: unknown) => void): () => Promise<void> {
  const pusher = new Pusher(context);
  let running: Promise<void> = Promise.resolve();
  let restUntil = 0;
  const work = async () => {
    if (context.clock.monotonic() < restUntil) return;
    // The database may be away, which everything else says as well.
    restUntil = context.clock.monotonic() + pauseMs;
    await (running = pusher.run());
    restUntil = 0;
  };
  const stop = every(context.clock, { everyMs, work, onError });
  return async () => {
    pusher.stop();
    stop();
    await running.catch(() => {});
  };
}

/** Exported for tests; `startPushing` runs it. */
export class Pusher {
  readonly #context: PushContext;
  readonly #sends = new Semaphore(sendsAtOnce);
  #isStopped = false;

  constructor(context: PushContext) {
    this.#context = context;
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Sends what is due, if this node is the one that does it. */
  async run(): Promise<void> {
    const { store, cluster, clock } = this.#context;
    while (!this.#isStopped && (await queries.isPushDue(store.db, clock.now()))) {
      if ((await cluster.claim(claimName)) !== cluster.nodeId) return;
      const now = clock.now();
      const rows = await queries.claimPushes(store.db, { now, leaseUntil: now + leaseMs, limit: rowsAtOnce });
      await this.#send(rows);
    }
  }

  async #send(rows: readonly PushRow[]): Promise<void> {
    const { store, clock } = this.#context;
    const users = [...new Set(rows.map((row) => row.user_id))];
    const devices = await queries.pushDevices(store.db, users, clock.now());
    const known = new Set(devices.map(({ id }) => id));
    const latest = newestOfEach(rows);
    await queries.deletePushes(
      store.db,
      rows.filter((row) => !known.has(row.subscription_id) || !latest.has(row)).map(({ id }) => id),
    );
    const contents = await pushContents(
      this.#context,
      [...latest].filter((row) => row.state === "ring"),
    );
    const rung = new Set([...latest].filter(({ id }) => contents.has(id)).map(placeOf));
    await Promise.all(
      [...latest].map(async (row) => {
        // A newer notification takes its place, and its row.
        if (row.state === "close" && rung.has(placeOf(row))) return;
        const own = devices.filter((device) => device.user_id === row.user_id);
        const device = own.find(({ id }) => id === row.subscription_id);
        if (!device) return;
        await this.#sends.run(() =>
          row.state === "close"
            ? this.#close(row, device)
            : this.#ring(row, device, { own, content: contents.get(row.id) }),
        );
      }),
    );
  }

  async #ring(
    row: PushRow,
    device: queries.PushDeviceRow,
    { own, content }: { own: readonly queries.PushDeviceRow[]; content: PushContent | undefined },
  ): Promise<void> {
    const { store, clock, push } = this.#context;
    if (!content || device.status === "dnd" || !wants(device, content)) return queries.deletePushes(store.db, [row.id]);
    if (this.#context.attention.isActive(row.user_id)) return this.#wait(row);
    const secret = newSecret();
    if (!(await queries.changePush(store.db, row.id, { secret_hash: digest(secret) }))) return;
    const waiting = await queries.waitingCloses(store.db, device.id);
    const badge = await badgeOf(store, row.user_id, clock.now());
    const loud = ringing(own.filter((other) => wants(other, content)));
    const text = ring(row, { device, content, badge, secret, closed: waiting, isSilent: loud !== device });
    const answer = await push.send(device, text, { ttlS, isUrgent: true, topic: tagOf(row) });
    if (!(await this.#isTaken(row, device, answer))) return;
    await queries.deletePushes(
      store.db,
      waiting.map(({ id }) => id),
    );
    await queries.deleteReplacedPushes(store.db, row);
    await queries.changePush(store.db, row.id, { state: "shown", due_at: null });
    // It was read while it was on its way.
    if (!(await pushContents(this.#context, [row])).has(row.id)) {
      await queries.changePush(store.db, row.id, { state: "close", due_at: clock.now() });
    }
  }

  /** Somebody who is there finds it; if they have left a moment later without reading it, they are told after all. */
  async #wait(row: PushRow): Promise<void> {
    const { store, clock } = this.#context;
    if (row.attempts > 1) await queries.deletePushes(store.db, [row.id]);
    else await queries.changePush(store.db, row.id, { due_at: clock.now() + leavingMs });
  }

  async #close(row: PushRow, device: queries.PushDeviceRow): Promise<void> {
    const { store, clock, push } = this.#context;
    // It goes with the next push that shows something, or when the page is opened.
    if (!takesSilentPushes(device)) return void (await queries.changePush(store.db, row.id, { due_at: null }));
    const text = closes([row], await badgeOf(store, row.user_id, clock.now()));
    const answer = await push.send(device, text, { ttlS, isUrgent: false, topic: tagOf(row) });
    if (await this.#isTaken(row, device, answer)) await queries.deletePushes(store.db, [row.id]);
  }

  /** Whether the push service took it; otherwise the row is tried again later, or goes with its device. */
  async #isTaken(row: PushRow, device: queries.PushDeviceRow, answer: number | "refused"): Promise<boolean> {
    const { store, clock } = this.#context;
    const now = clock.now();
    if (answer === 404 || answer === 410 || answer === "refused") {
      await queries.deletePushSubscriptions(store.db, [device.id]);
      await queries.deletePushes(store.db, [row.id]);
      return false;
    }
    await queries.notePushAnswer(store.db, device.id, answer, now);
    if (answer >= 200 && answer < 300) return true;
    const isDead =
      device.failures + 1 >= failuresOfTheDead && (device.succeeded_at ?? device.created_at) < now - aliveMs;
    if (isDead) await queries.deletePushSubscriptions(store.db, [device.id]);
    const isRefused = answer >= 400 && answer < 500 && answer !== 429;
    if (isDead || isRefused || now - row.created_at > givenUpMs) await queries.deletePushes(store.db, [row.id]);
    else await queries.changePush(store.db, row.id, { due_at: now + firstPauseMs * 2 ** (row.attempts - 1) });
    return false;
  }
}

/** Of the rows about one channel, or one notification without a channel, on one device the newest to ring and to close. */
function newestOfEach(rows: readonly PushRow[]): Set<PushRow> {
  return new Set(new Map(rows.map((row) => [`${row.state} ${placeOf(row)}`, row])).values());
}

/** The notification on the device. */
function placeOf(row: PushRow): string {
  return `${row.subscription_id} ${tagOf(row)}`;
}

function wants({ kinds }: queries.PushDeviceRow, { kind }: PushContent): boolean {
  return kind === null || kinds.split(",").includes(kind);
}

/** Of a person's devices the one that rings: the phone that was used last, or else the computer. */
function ringing(devices: readonly queries.PushDeviceRow[]): queries.PushDeviceRow | undefined {
  return devices.find((device) => device.is_mobile === 1) ?? devices[0];
}
