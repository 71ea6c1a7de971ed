import { setTimeout } from "node:timers/promises";
import type { KeyCommand, KeyEvent } from "@miscord/protocol";
import { keyCommands } from "@miscord/protocol/schemas";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Clock } from "../../../platform.ts";
import { newParticipant } from "../../reduce-call.ts";
import { idleCall, unrestrained, type CallState } from "../../types.ts";
import { CallKeys } from "../call-keys.ts";
import type { DeviceKey, EpochKeys, FrameCipher } from "../frame-cipher.ts";

/** Records which keys there are, and encrypts nothing. */
class RecordingCipher implements FrameCipher {
  readonly epochs = new Map<number, EpochKeys>();
  sending: number | null = null;

  protect(): void {}
  assign(): void {}
  close(): void {}

  addEpoch(keys: EpochKeys): void {
    this.epochs.set(keys.id, keys);
  }

  sendWith(epochId: number): void {
    this.sending = epochId;
  }

  forget(epochId: number): void {
    if (epochId !== this.sending) this.epochs.delete(epochId);
  }

  /** The key with which this client encrypts now. */
  get ownKey(): string | null {
    const epoch = this.sending === null ? undefined : this.epochs.get(this.sending);
    return epoch ? keyOf(epoch, epoch.ownLeaf) : null;
  }

  /** Whether this client could decrypt what the other one sends now. */
  decrypts(other: RecordingCipher): boolean {
    const sent = other.sending === null ? undefined : other.epochs.get(other.sending);
    const known = sent && this.epochs.get(sent.id);
    return !!sent && !!known && keyOf(known, sent.ownLeaf) === other.ownKey;
  }
}

function keyOf({ senders }: EpochKeys, leaf: number): string {
  return Buffer.from(senders.find((one) => one.leaf === leaf)?.key ?? []).toString("hex");
}

export class KeysCaller {
  readonly userId: number;
  readonly session: string;
  readonly store: StoreApi<CallState> = createStore<CallState>(() => idleCall);
  readonly cipher = new RecordingCipher();
  readonly keys: CallKeys;
  isConnected = true;
  /** What this client sends is kept while it is set. */
  held: KeyCommand[] | null = null;

  constructor(world: KeysWorld, userId: number, session: string) {
    this.userId = userId;
    this.session = session;
    let device: DeviceKey | null = null;
    this.keys = new CallKeys({
      selfId: userId,
      session,
      store: this.store,
      clock: world.clock,
      platform: {
        createCipher: () => this.cipher,
        deviceKey: async (_userId, create) => (device ??= await create()),
      },
      send: (command) => void (this.held ? this.held.push(command) : world.receive(this, command)),
    });
  }

  get encryption() {
    return this.store.getState().encryption!;
  }
}

interface Holder {
  userId: number;
  session: string;
  isConnected: boolean;
  receive: (event: KeyEvent) => void;
}

interface Exchange {
  receive(from: Holder, command: KeyCommand): void;
  left(userId: number): void;
  close(): void;
}

type ManualClock = Clock & { advance(ms: number): void };

/** Calls of one room in memory, whose home can be replaced. */
export class KeysWorld {
  readonly clock: ManualClock;
  readonly #open: (holders: () => Iterable<Holder>) => Exchange;
  readonly callers = new Map<number, KeysCaller>();
  readonly joins: KeyCommand[] = [];
  readonly asked: KeyEvent[] = [];
  #calls = 0;
  #exchange: Exchange;

  /** `open`: the server's part. */
  constructor(clock: ManualClock, open: (holders: () => Iterable<Holder>) => Exchange) {
    this.clock = clock;
    this.#open = open;
    this.#exchange = this.#newExchange();
  }

  #newExchange() {
    return this.#open(() =>
      [...this.callers.values()].map((caller) => ({
        userId: caller.userId,
        session: caller.session,
        isConnected: caller.isConnected,
        receive: (event) => {
          if (event.type === "keys_wanted") this.asked.push(event);
          caller.keys.receive(event);
        },
      })),
    );
  }

  enter(userId: number, session = `call ${++this.#calls}`): KeysCaller {
    const caller = new KeysCaller(this, userId, session);
    this.callers.set(userId, caller);
    this.#tellParticipants();
    caller.keys.join();
    return caller;
  }

  leave(caller: KeysCaller): void {
    this.callers.delete(caller.userId);
    this.#exchange.left(caller.userId);
    caller.keys.close();
    this.#tellParticipants();
  }

  drop(caller: KeysCaller): void {
    caller.isConnected = false;
  }

  resume(caller: KeysCaller): void {
    caller.isConnected = true;
    caller.keys.join();
  }

  /** Another node takes the room over. */
  replaceHome(): void {
    this.#exchange.close();
    this.#exchange = this.#newExchange();
    for (const caller of this.callers.values()) if (caller.isConnected) caller.keys.join();
  }

  receive(from: KeysCaller, command: KeyCommand): void {
    keyCommands.find(({ shape }) => shape.type.value === command.type)!.parse(command);
    if (command.type === "keys_join") this.joins.push(command);
    const isPresent = this.callers.get(from.userId) === from && from.isConnected;
    if (!isPresent) return;
    const { userId, session, isConnected } = from;
    this.#exchange.receive({ userId, session, isConnected, receive: () => {} }, command);
  }

  /** Lets time pass until it is so, in steps of so many milliseconds. */
  async until(isSo: () => boolean, stepMs = 20): Promise<void> {
    for (let turn = 0; !isSo(); turn += 1) {
      if (turn > 4_000) throw new Error("It does not come to that.");
      await setTimeout(2);
      this.clock.advance(stepMs);
    }
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 20) {
      await setTimeout(1);
      this.clock.advance(20);
    }
  }

  /** Everybody has the same keys, and can decrypt everybody. */
  isClosed(callers = [...this.callers.values()]): boolean {
    const codes = new Set(callers.map(({ encryption }) => encryption.code));
    return (
      codes.size <= 1 &&
      callers.every(({ encryption }) => encryption.isOn && encryption.code !== null) &&
      callers.every(({ cipher }) => callers.every((other) => other.cipher.decrypts(cipher)))
    );
  }

  close(): void {
    for (const caller of this.callers.values()) caller.keys.close();
    this.#exchange.close();
  }

  #tellParticipants(): void {
    for (const caller of this.callers.values()) {
      const others = [...this.callers.values()].filter((other) => other !== caller);
      caller.store.setState({ participants: Object.fromEntries(others.map((one) => [one.userId, shown(one)])) });
    }
  }
}

/** The caller as the others see them in the call. */
export function shown({ userId, session }: Pick<KeysCaller, "userId" | "session">) {
  return newParticipant({
    user_id: userId,
    username: `u${userId}`,
    display_name: `U${userId}`,
    avatar_url: null,
    avatar_color: "#000000",
    session,
    is_legacy: false,
    is_muted: false,
    is_deafened: false,
    is_speaking: false,
    is_sharing: false,
    is_camera_on: false,
    is_hand_raised: false,
    ...unrestrained,
  });
}
