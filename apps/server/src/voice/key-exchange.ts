import { randomUUID } from "node:crypto";
import { keyLimits, type KeyCommand, type KeyEvent } from "@miscord/protocol/schemas";
import type { Clock, Timer } from "../clock.ts";
import type { VoicePort } from "./events.ts";

/** How long a member may take to change the keys before another one is asked. */
const answerMs = 5_000;
/** How long those of a former home's group may take to come back before the group is cleared of others. */
const settleMs = 12_000;
/** Members who may each be asked once to add somebody. */
const attempts = 2;

/** What is needed of a participant. */
export interface KeyHolder {
  readonly user: { readonly id: number };
  readonly callId: string;
  readonly port: Pick<VoicePort, "send"> | null;
}

type Join = Extract<KeyCommand, { type: "keys_join" }>;
type Commit = Extract<KeyCommand, { type: "keys_commit" }>;
type Group = { group_id: string; epoch: number };
type Joining = { user_id: number; session: string; key_package: string };
/** What a member was asked to bring into the next epoch: those to be added, and how many departures. */
type Question = { joining: readonly Joining[]; departures: number };

export interface KeyExchangeOptions {
  readonly clock: Clock;
  /** Who is in the call, by user id, the longest present first. */
  readonly participants: () => ReadonlyMap<number, KeyHolder>;
}

/**
 * The delivery service (RFC 9750) of one encrypted call: carries the messages with which its participants agree on keys, orders
 * the changes, and decides which member makes the next one. It knows no keys. What it holds is lost with its node; the
 * participants then tell the next home what group they are in.
 */
export class KeyExchange {
  readonly #options: KeyExchangeOptions;
  #group: Group | null = null;
  /** The members who have the keys of the present epoch. */
  readonly #members = new Set<number>();
  /** Those who are to be added, with their call ids. */
  readonly #joining = new Map<number, Joining>();
  /** The members who were asked for the next change. Any of them may answer, also one who was passed over. */
  readonly #asked = new Map<number, Question>();
  /** Runs while an answer is due. */
  #answer: Timer | null = null;
  #settling: Timer | null = null;
  /** How many have left, and how many of them the latest change was about. */
  #departures = { all: 0, done: 0 };
  /** Who made the latest change; null when there was none since the group began. */
  #changedBy: number | null = null;
  /** How often somebody lost the group by a member's change, was not added by it, or waited for an answer in vain. */
  readonly #faults = new Map<number, number>();
  /** How many members have not added those who are joining. */
  readonly #refusals = new WeakMap<Joining, number>();
  /** Members who have come back since the latest change, and may have missed the question. */
  readonly #back = new Set<number>();

  constructor(options: KeyExchangeOptions) {
    this.#options = options;
  }

  receive(from: KeyHolder, command: KeyCommand): void {
    if (command.type === "keys_join") this.#join(from, command);
    else this.#commit(from, command);
  }

  /** A participant has left the call. */
  left(userId: number): void {
    this.#members.delete(userId);
    this.#joining.delete(userId);
    this.#departures.all += 1;
    if (this.#asked.delete(userId)) this.#stopWaiting();
    this.#ask();
  }

  close(): void {
    this.#stopWaiting();
    this.#settling?.cancel();
  }

  #join(from: KeyHolder, { group, key_package }: Join): void {
    const userId = from.user.id;
    if (group && !this.#group) this.#adopt(group);
    if (group && this.#isPresent(group)) {
      this.#members.add(userId);
      this.#joining.delete(userId);
      // What they were asked on a former connection may be lost, for once.
      if (!this.#back.has(userId) && this.#asked.delete(userId)) this.#back.add(userId);
    } else {
      const hasLost = this.#members.delete(userId) && group === null;
      if (hasLost && this.#changedBy !== null && this.#changedBy !== userId) this.#blame(this.#changedBy);
      // They have no answer any more.
      if (this.#asked.delete(userId)) this.#stopWaiting();
      this.#joining.set(userId, { user_id: userId, session: from.callId, key_package });
      if (!this.#group) return this.#begin();
    }
    this.#ask();
  }

  /** Goes on with the group of a room whose former home is gone. */
  #adopt({ group_id, epoch }: Group): void {
    this.#group = { group_id, epoch };
    this.#settling = this.#options.clock.setTimeout(() => {
      this.#settling = null;
      this.#departures.all += 1;
      this.#ask();
    }, settleMs);
  }

  #commit(from: KeyHolder, { group_id, epoch, commit, welcome, added }: Commit): void {
    const question = this.#asked.get(from.user.id);
    if (!question || !this.#isPresent({ group_id, epoch })) return;
    this.#stopWaiting();
    this.#asked.clear();
    this.#back.clear();
    this.#departures.done = question.departures;
    this.#changedBy = from.user.id;
    const group = { group_id, epoch: epoch + 1 };
    this.#group = group;
    for (const userId of this.#members) {
      this.#send(userId, { type: "keys_commit", ...group, from_id: from.user.id, commit });
    }
    for (const userId of welcome === null ? [] : added) {
      if (!this.#joining.delete(userId)) continue;
      this.#members.add(userId);
      this.#send(userId, { type: "keys_welcome", ...group, welcome: welcome! });
    }
    for (const one of question.joining) {
      if (this.#joining.get(one.user_id) !== one) continue;
      this.#refusals.set(one, (this.#refusals.get(one) ?? 0) + 1);
      this.#blame(from.user.id);
    }
    this.#ask();
  }

  /** Either the member is at fault or who could not be added: from now on others are asked before. */
  #blame(userId: number): void {
    this.#faults.set(userId, (this.#faults.get(userId) ?? 0) + 1);
  }

  /** Those whose package may be of use. Nobody is asked again and again for the others; they may send another one. */
  get #addable(): Joining[] {
    const most = Math.max(1, Math.min(attempts, this.#members.size));
    return [...this.#joining.values()].filter((one) => (this.#refusals.get(one) ?? 0) < most);
  }

  /** Of those who are connected: with the fewest faults, of several who has been there for longest. */
  #best(userIds: { has: (userId: number) => boolean }): KeyHolder | undefined {
    const able = [...this.#options.participants().values()].filter(({ user, port }) => port && userIds.has(user.id));
    const faultsOf = ({ user }: KeyHolder) => this.#faults.get(user.id) ?? 0;
    return able.toSorted((one, other) => faultsOf(one) - faultsOf(other))[0];
  }

  /** Nobody has the keys, or one member alone whom several cannot follow. */
  get #isStuck(): boolean {
    const [last] = this.#members;
    if (last === undefined) return this.#joining.size > 0;
    return this.#members.size === 1 && this.#joining.size > 1 && (this.#faults.get(last) ?? 0) > 1;
  }

  /** Asks a member to change the keys, where that is due. */
  #ask(): void {
    if (!this.#group || this.#answer) return;
    if (this.#isStuck) return this.#begin();
    const isStale = this.#departures.done < this.#departures.all;
    const joining = this.#addable.slice(0, keyLimits.addedPerCommit);
    if (joining.length === 0 && !isStale) return;
    const present = this.#options.participants();
    const chosen = this.#best(this.#members.difference(this.#asked));
    if (!chosen) return this.#begin();
    const departures = this.#settling ? this.#departures.done : this.#departures.all;
    this.#asked.set(chosen.user.id, { joining, departures });
    this.#answer = this.#options.clock.setTimeout(() => {
      this.#answer = null;
      this.#blame(chosen.user.id);
      this.#ask();
    }, answerMs);
    const members = [...present.values()].map(({ user, callId }) => ({ user_id: user.id, session: callId }));
    this.#send(chosen.user.id, {
      type: "keys_wanted",
      ...this.#group,
      members: this.#settling ? null : members,
      joining,
    });
  }

  /** Lets one of those who wait begin a group, which the others join: there is none, or none of its members answers. */
  #begin(): void {
    const first = this.#best(this.#joining)?.user.id;
    if (first === undefined) return;
    this.#stopWaiting();
    this.#asked.clear();
    for (const userId of this.#members) this.#send(userId, { type: "keys_lost" });
    this.#members.clear();
    this.#back.clear();
    this.#group = { group_id: randomUUID(), epoch: 0 };
    this.#departures = { all: 0, done: 0 };
    this.#changedBy = null;
    this.#members.add(first);
    this.#joining.delete(first);
    this.#send(first, { type: "keys_create", group_id: this.#group.group_id });
    this.#ask();
  }

  #isPresent({ group_id, epoch }: Group): boolean {
    return this.#group?.group_id === group_id && this.#group.epoch === epoch;
  }

  #stopWaiting(): void {
    this.#answer?.cancel();
    this.#answer = null;
  }

  #send(userId: number, message: KeyEvent): void {
    this.#options.participants().get(userId)?.port?.send({ kind: "keys", message });
  }
}
