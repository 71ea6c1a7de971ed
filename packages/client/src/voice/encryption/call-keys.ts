import type { KeyCommand, KeyEvent } from "@miscord/protocol";
import type { StoreApi } from "zustand/vanilla";
import type { Clock, Timer } from "../../platform.ts";
import type { CallState } from "../types.ts";
import {
  CallGroup,
  createDeviceKey,
  createPackage,
  nameOf,
  readPackage,
  type CallMember,
  type OwnPackage,
} from "./call-group.ts";
import type { EncryptionPlatform, FrameCipher } from "./frame-cipher.ts";
import { usableOf } from "./usable-packages.ts";
import { fingerprint, verificationCode } from "./verification-code.ts";

/** How long others may take to get new keys before what is sent is encrypted with them. */
const switchMs = 500;
/** How long former keys are kept: what was sent with them may still arrive. */
const keepMs = 10_000;
/** Minimum time between two attempts to join again. */
const rejoinMs = 1_000;

export interface CallKeysOptions {
  selfId: number;
  /** The call id. */
  session: string;
  store: StoreApi<CallState>;
  clock: Clock;
  platform: EncryptionPlatform;
  send: (command: KeyCommand) => void;
}

type Wanted = Extract<KeyEvent, { type: "keys_wanted" }>;
type Committed = Extract<KeyEvent, { type: "keys_commit" }>;

/**
 * The keys of one encrypted call. The participants form a group (MLS), whose changes the server orders without knowing its secrets;
 * from those of each epoch follows a key for each member. In the store it says who has them.
 */
export class CallKeys {
  readonly cipher: FrameCipher;
  readonly #options: CallKeysOptions;
  readonly #timers = new Set<Timer>();
  readonly #unsubscribe: () => void;
  /** Messages are handled one at a time, in their order. */
  #work: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #package: OwnPackage | null = null;
  #group: CallGroup | null = null;
  /** What this client has proposed as the group's next epoch, by the commits: it may be asked more than once. */
  readonly #proposed = new Map<string, CallGroup>();
  #epochId: number | null = null;
  /** Epochs are counted as they come; the latest one whose keys are in use is `begun`. */
  readonly #epochs = { entered: 0, begun: 0 };
  #rejoin: Timer | null = null;
  #shown: { code: string; members: { userId: number; session: string; fingerprint: string }[] } | null = null;

  constructor(options: CallKeysOptions) {
    this.#options = options;
    this.cipher = options.platform.createCipher();
    this.#unsubscribe = options.store.subscribe((state, before) => {
      if (state.participants !== before.participants) this.#show();
    });
    this.#show();
  }

  /** The server has told who takes part: it may be another one, which knows nothing of the group. */
  join(): void {
    this.#run(() => this.#sendJoin());
  }

  receive(event: KeyEvent): void {
    this.#run(() => this.#receive(event));
  }

  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#rejoin?.cancel();
    for (const timer of this.#timers) timer.cancel();
    this.cipher.close();
    this.#options.store.setState({ encryption: null });
  }

  async #sendJoin(): Promise<void> {
    const { selfId: userId, session, platform, send } = this.#options;
    if (!this.#package) {
      const device = await platform.deviceKey(userId, createDeviceKey);
      this.#package = await createPackage({ userId, session }, device);
    }
    const group = this.#group && { group_id: this.#group.id, epoch: this.#group.epoch };
    if (!this.#isClosed) send({ type: "keys_join", key_package: this.#package.shared, group });
  }

  async #receive(event: KeyEvent): Promise<void> {
    switch (event.type) {
      case "keys_create":
        if (this.#package) await this.#enter(await CallGroup.create(event.group_id, this.#takePackage()));
        return;
      case "keys_lost":
        this.#group = null;
        this.#show();
        return this.#sendJoin();
      case "keys_wanted":
        return this.#change(event);
      case "keys_commit":
        return this.#follow(event);
      case "keys_welcome":
        // The package is used up: the server has added it a second time. It gets another one, or learns that all is well.
        if (!this.#package) return this.#sendJoin();
        await this.#enter(await CallGroup.join(event.welcome, this.#takePackage()));
    }
  }

  /** Proposes the next epoch: with everybody whom the server names, and without those whom it does not name any more. */
  async #change({ group_id, epoch, members, joining }: Wanted): Promise<void> {
    const group = this.#group;
    if (group?.id !== group_id || group.epoch !== epoch) return;
    const named = members && new Set(members.map(({ user_id, session }) => nameOf({ userId: user_id, session })));
    const leaves = group.members
      .filter((member) => {
        const isComing = joining.some(({ user_id: userId }) => userId === member.userId);
        return member.leaf !== group.ownLeaf && (isComing || (named && !named.has(nameOf(member))));
      })
      .map(({ leaf }) => leaf);
    const others = joining.filter(({ user_id: userId }) => userId !== this.#options.selfId);
    const packages = others.map(({ user_id: userId, session, key_package }) => {
      return { userId, found: readPackage(key_package, { userId, session }) };
    });
    const coming = await usableOf(packages, group.keysWithout(leaves));
    const { commit, welcome, next } = await group.change(
      leaves,
      coming.map(({ found }) => found),
    );
    this.#proposed.set(commit, next);
    const added = coming.map(({ userId }) => userId);
    this.#options.send({ type: "keys_commit", group_id, epoch, commit, welcome, added });
  }

  /** Of several proposals for an epoch, the server has chosen this one. */
  async #follow({ group_id, epoch, from_id, commit }: Committed): Promise<void> {
    const group = this.#group;
    if (group?.id !== group_id || epoch <= group.epoch) return;
    const own = from_id === this.#options.selfId ? this.#proposed.get(commit) : undefined;
    await this.#enter(own?.epoch === epoch ? own : await group.after(commit));
    if (this.#group?.epoch !== epoch) throw new Error("A change of the group is missing.");
  }

  /** From here on the group is in this epoch. */
  async #enter(group: CallGroup): Promise<void> {
    const members = group.members;
    const [senders, idBytes, code, names] = await Promise.all([
      Promise.all(members.map(async ({ leaf, userId }) => ({ leaf, userId, key: await senderKey(group, leaf) }))),
      group.secret("miscord epoch", new Uint8Array(), 4),
      verificationCode(group.authenticator),
      Promise.all(members.map(({ publicKey }) => fingerprint(publicKey))),
    ]);
    if (this.#isClosed) return;
    const id = new DataView(new Uint8Array(idBytes).buffer).getUint32(0);
    this.#proposed.clear();
    const former = this.#group;
    const hadOthers = (former?.members.length ?? 1) > 1 || (former === null && this.#epochId !== null);
    this.#group = group;
    this.#shown = {
      code,
      members: members.map(({ userId, session }, at) => ({ userId, session, fingerprint: names[at]! })),
    };
    this.cipher.addEpoch({ id, ownLeaf: group.ownLeaf, senders });
    this.#use(id, hadOthers ? switchMs : 0);
    this.#show();
  }

  /** Sends with the keys of the epoch after a while, and forgets those before it some time later. */
  #use(id: number, delayMs: number): void {
    const former = this.#epochId;
    this.#epochId = id;
    const order = ++this.#epochs.entered;
    const begin = () => {
      // A later epoch may have begun without a delay.
      if (order < this.#epochs.begun) return;
      this.#epochs.begun = order;
      this.cipher.sendWith(id);
    };
    if (delayMs === 0) begin();
    else this.#later(delayMs, begin);
    if (former !== null) this.#later(keepMs, () => this.cipher.forget(former));
  }

  #later(ms: number, act: () => void): void {
    const timer = this.#options.clock.setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }

  #takePackage(): OwnPackage {
    const taken = this.#package!;
    this.#package = null;
    return taken;
  }

  /** The call is closed while all who take part have the keys, and nobody else has. */
  #show(): void {
    const { store, selfId, session } = this.#options;
    const others = Object.values(store.getState().participants);
    const wanted = [
      { userId: selfId, session },
      ...others.map((one) => ({ userId: one.user_id, session: one.session })),
    ];
    const members = this.#group && this.#shown ? this.#shown.members : [];
    const isOn = isSame(members, wanted);
    const encryption = {
      isOn,
      code: this.#group && this.#shown ? this.#shown.code : null,
      members: members.map(({ userId, fingerprint: key }) => ({ userId, fingerprint: key })),
    };
    if (JSON.stringify(store.getState().encryption) !== JSON.stringify(encryption)) store.setState({ encryption });
  }

  #run(work: () => Promise<void>): void {
    this.#work = this.#work
      .then(() => (this.#isClosed ? undefined : work()))
      .catch(() => this.#isClosed || this.#joinAgain());
  }

  /** What was received does not fit: the client is added anew. */
  #joinAgain(): void {
    this.#group = null;
    this.#show();
    this.#rejoin ??= this.#options.clock.setTimeout(() => {
      this.#rejoin = null;
      this.#run(() => this.#sendJoin());
    }, rejoinMs);
  }
}

/** Compared one by one: the server chooses what is in the names, and could make one of two. */
function isSame(members: readonly CallMember[], others: readonly CallMember[]): boolean {
  const names = others.map(nameOf).toSorted();
  return (
    members.length === names.length &&
    members
      .map(nameOf)
      .toSorted()
      .every((name, at) => name === names[at])
  );
}

async function senderKey(group: CallGroup, leaf: number): Promise<Uint8Array<ArrayBuffer>> {
  const context = new Uint8Array(4);
  new DataView(context.buffer).setUint32(0, leaf);
  return new Uint8Array(await group.secret("miscord sender", context, 16));
}
