import { afterEach, beforeEach, expect, test } from "vitest";
import { openKeyExchange } from "../../../../../apps/server/src/testing/key-exchange.ts";
import { ManualClock } from "../../../../../apps/server/src/testing/manual-clock.ts";
import { Random } from "../../../../../apps/server/src/testing/random.ts";
import { KeysWorld, shown, type KeysCaller } from "./testing/keys-world.ts";

let world: KeysWorld;

function openWorld(): KeysWorld {
  const clock = new ManualClock();
  return new KeysWorld(clock, (holders) => openKeyExchange(clock, holders));
}

beforeEach(() => {
  world = openWorld();
});
afterEach(() => world.close());

const codeOf = ({ encryption }: KeysCaller) => encryption.code;
const untilClosed = () => world.until(() => world.isClosed());

test("everybody in a call has the same code and everybody's keys, also those who come later", async () => {
  const ann = world.enter(1);
  await untilClosed();
  expect(codeOf(ann)).toMatch(/^(?:\d{5} ){5}\d{5}$/);
  const bob = world.enter(2);
  await untilClosed();
  const ofTwo = codeOf(bob);
  expect(ann.encryption.members).toHaveLength(2);
  world.enter(3);
  await untilClosed();
  expect(codeOf(ann)).not.toBe(ofTwo);
});

test("whoever has left can decrypt nothing of what follows, and whoever comes nothing of what was before", async () => {
  const [ann, bob, cid] = [world.enter(1), world.enter(2), world.enter(3)];
  await untilClosed();
  const former = ann.cipher.ownKey;
  world.leave(cid);
  expect(ann.encryption.isOn).toBe(false);
  await untilClosed();
  await world.until(() => ann.cipher.ownKey !== former && bob.cipher.sending === ann.cipher.sending);
  expect(cid.cipher.decrypts(ann.cipher)).toBe(false);
  expect(cid.cipher.decrypts(bob.cipher)).toBe(false);
  const before = ann.cipher.sending!;
  const dan = world.enter(4);
  await untilClosed();
  expect([...dan.cipher.epochs.keys()]).not.toContain(before);
});

test("whoever comes at the moment when somebody goes hears the others, then and later", async () => {
  const [ann, bob] = [world.enter(1), world.enter(2)];
  await untilClosed();
  world.leave(bob);
  await world.until(() => ann.encryption.isOn, 1);
  const cid = world.enter(3);
  await world.until(() => world.isClosed([ann, cid]), 1);
  await world.pass(600);
  expect(world.isClosed([ann, cid])).toBe(true);
});

test("a server that swaps key packages is in between, and the codes differ", async () => {
  const elsewhere = openWorld();
  const [ann, asBob] = [world.enter(1, "call of ann"), world.enter(2, "call of bob")];
  const [asAnn, bob] = [elsewhere.enter(1, "call of ann"), elsewhere.enter(2, "call of bob")];
  await untilClosed();
  await elsewhere.until(() => elsewhere.isClosed());
  // Both see a closed call with each other; what they say passes in clear through the one in between.
  expect([ann.encryption.isOn, bob.encryption.isOn]).toEqual([true, true]);
  expect(asBob.cipher.decrypts(ann.cipher) && asAnn.cipher.decrypts(bob.cipher)).toBe(true);
  expect(codeOf(ann)).not.toBe(codeOf(bob));
  const devices = ({ encryption }: KeysCaller) => encryption.members.map(({ fingerprint }) => fingerprint).toSorted();
  expect(devices(ann)).not.toEqual(devices(bob));
  elsewhere.close();
});

test("somebody whom the server does not name has no keys under a closed lock", async () => {
  const [ann, bob] = [world.enter(1), world.enter(2)];
  world.enter(3);
  await untilClosed();
  // The server hides the third participant from the others.
  for (const [caller, other] of [[ann, bob] as const, [bob, ann] as const]) {
    caller.store.setState({ participants: { [other.userId]: shown(other) } });
    expect(caller.encryption.isOn).toBe(false);
    expect(caller.encryption.members).toHaveLength(3);
  }
});

test("a server that hides a member in the name of another one does not close the lock", async () => {
  const [ann, bob, spy] = [world.enter(1), world.enter(2), world.enter(3)];
  await untilClosed();
  const session = `${bob.session} ${spy.userId}:${spy.session}`;
  ann.store.setState({ participants: { [bob.userId]: shown({ userId: bob.userId, session }) } });
  expect(ann.encryption.members).toHaveLength(3);
  expect(ann.encryption.isOn).toBe(false);
});

test("whoever is asked twice for an epoch follows the change that holds", async () => {
  const [ann, bob, cid] = [world.enter(1), world.enter(2), world.enter(3)];
  await untilClosed();
  ann.held = [];
  world.leave(cid);
  await world.until(() => ann.held!.length > 0, 1);
  // Asked once more after its connection was lost.
  ann.keys.receive(world.asked.at(-1)!);
  await world.until(() => ann.held!.length > 1, 1);
  const [first] = ann.held.splice(0);
  ann.held = null;
  world.receive(ann, first!);
  await world.until(() => ann.encryption.isOn && bob.encryption.isOn);
  expect(codeOf(ann)).toBe(codeOf(bob));
});

test("whoever has said twice that they are there, and was added twice, has the keys", async () => {
  const ann = world.enter(1);
  await untilClosed();
  ann.held = [];
  const bob = world.enter(2);
  await world.until(() => ann.held!.length > 0);
  const joined = world.joins.at(-1)!;
  const [commit] = ann.held.splice(0);
  ann.held = null;
  world.receive(ann, commit!);
  world.receive(bob, joined);
  await world.pass(1_000);
  await untilClosed();
  expect(ann.encryption.members).toHaveLength(2);
});

test("of two changes of an epoch the first holds, and whoever made the other one follows it", async () => {
  const [ann, bob] = [world.enter(1), world.enter(2)];
  await untilClosed();
  ann.held = [];
  const cid = world.enter(3);
  await world.until(() => ann.held!.length > 0);
  await world.until(() => world.isClosed([ann, bob, cid]));
  const [late] = ann.held.splice(0);
  ann.held = null;
  const code = codeOf(ann);
  world.receive(ann, late!);
  world.enter(4);
  await untilClosed();
  expect(codeOf(ann)).not.toBe(code);
});

test("a new home of the room knows nothing, and the call goes on with the keys that it has", async () => {
  const [ann, bob] = [world.enter(1), world.enter(2)];
  await untilClosed();
  const [code, key] = [codeOf(ann), ann.cipher.ownKey];
  world.replaceHome();
  await world.pass(2_000);
  expect([codeOf(ann), codeOf(bob), ann.cipher.ownKey]).toEqual([code, code, key]);
  const cid = world.enter(3);
  await untilClosed();
  // Who left while there was no home is removed once those who may come back have had the time to.
  world.callers.delete(3);
  cid.keys.close();
  world.replaceHome();
  for (const one of [ann, bob]) {
    const { [3]: _gone, ...participants } = one.store.getState().participants;
    one.store.setState({ participants });
  }
  await untilClosed();
  expect(ann.encryption.members).toHaveLength(2);
});

test("whoever was away during a change gets the keys when they are back", async () => {
  const [ann, bob] = [world.enter(1), world.enter(2)];
  await untilClosed();
  world.drop(bob);
  const cid = world.enter(3);
  await world.until(() => world.isClosed([ann, cid]) || codeOf(ann) === codeOf(cid));
  world.resume(bob);
  await untilClosed();
  expect(bob.encryption.members).toHaveLength(3);
});

test("when no member answers, those who wait begin anew, and the members come after them", async () => {
  const [ann, bob] = [world.enter(1), world.enter(2)];
  await untilClosed();
  ann.held = [];
  bob.held = [];
  const cid = world.enter(3);
  await world.until(() => codeOf(cid) !== null);
  ann.held = bob.held = null;
  ann.keys.join();
  bob.keys.join();
  await untilClosed();
  expect(cid.encryption.members).toHaveLength(3);
});

test.each([1, 2, 3, 4, 5, 6])("after any coming and going all have the same keys (random %i)", async (seed) => {
  const random = new Random(seed);
  for (let step = 0; step < 40; step += 1) {
    const callers = [...world.callers.values()];
    const some = callers[random.below(Math.max(1, callers.length))];
    const way = random.next();
    if (!some || way < 0.4) world.enter(1 + random.below(8));
    else if (way < 0.6) world.leave(some);
    else if (way < 0.75) world.drop(some);
    else if (way < 0.9) world.resume(some);
    else world.replaceHome();
    if (random.next() < 0.5) await world.until(() => random.next() < 0.2);
  }
  for (const caller of world.callers.values()) if (!caller.isConnected) world.resume(caller);
  await untilClosed();
  expect(world.isClosed()).toBe(true);
});
