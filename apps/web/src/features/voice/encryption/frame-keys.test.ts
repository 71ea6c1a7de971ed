import { expect, test } from "vitest";
import { FrameKeys } from "./frame-keys.ts";

const key = (fill: number) => new Uint8Array(16).fill(fill);
const ann = { leaf: 0, userId: 1, key: key(1) };
const bob = { leaf: 1, userId: 2, key: key(2) };
const frame = new Uint8Array(Array.from({ length: 60 }, (_, at) => at));

/** Ann, who sends, and Bob, in an epoch with this id. */
function pair(id = 7) {
  const [ofAnn, ofBob] = [new FrameKeys(), new FrameKeys()];
  ofAnn.addEpoch({ id, ownLeaf: 0, senders: [ann, bob] });
  ofBob.addEpoch({ id, ownLeaf: 1, senders: [ann, bob] });
  ofAnn.sendWith(id);
  return { ofAnn, ofBob };
}

const bytes = (buffer: ArrayBuffer | null) => buffer && [...new Uint8Array(buffer)];

test.each([0, 3, 10])("what one encrypts the other decrypts, with %i bytes in clear", async (clear) => {
  const { ofAnn, ofBob } = pair();
  const sent = new Uint8Array((await ofAnn.encrypt(frame, clear))!);
  expect([...sent.subarray(0, clear)]).toEqual([...frame.subarray(0, clear)]);
  expect(Buffer.from(sent.subarray(clear)).includes(Buffer.from(frame.subarray(clear, clear + 8)))).toBe(false);
  expect(bytes(await ofBob.decrypt(sent, clear, 1))).toEqual([...frame]);
});

test("frames of one or no byte, as in silence, are encrypted too", async () => {
  const { ofAnn, ofBob } = pair();
  for (const size of [0, 1]) {
    const sent = new Uint8Array((await ofAnn.encrypt(frame.subarray(0, size), 0))!);
    expect(bytes(await ofBob.decrypt(sent, 0, 1))).toEqual([...frame.subarray(0, size)]);
  }
});

test("a frame that was changed anywhere, or is taken for another person's, is not decrypted", async () => {
  const { ofAnn, ofBob } = pair();
  const sent = new Uint8Array((await ofAnn.encrypt(frame, 3))!);
  for (let at = 0; at < sent.length; at += 1) {
    const changed = sent.slice();
    changed[at]! ^= 1;
    expect(await ofBob.decrypt(changed, 3, 1)).toBeNull();
  }
  expect(await ofBob.decrypt(sent, 3, 2)).toBeNull();
  expect(await ofBob.decrypt(sent, 10, 1)).toBeNull();
  for (const length of [0, 5, 25]) expect(await ofBob.decrypt(frame.subarray(0, length), 0, 1)).toBeNull();
  expect(await ofBob.decrypt(frame, 0, 1)).toBeNull();
});

test("no two frames are encrypted alike", async () => {
  const { ofAnn } = pair();
  const sent = await Promise.all(Array.from({ length: 50 }, () => ofAnn.encrypt(frame, 0)));
  expect(new Set(sent.map((one) => Buffer.from(one!).toString("hex"))).size).toBe(50);
});

test("nothing is sent before there are keys, and what was sent with former ones is decrypted until they are forgotten", async () => {
  expect(await new FrameKeys().encrypt(frame, 0)).toBeNull();
  const { ofAnn, ofBob } = pair();
  const before = new Uint8Array((await ofAnn.encrypt(frame, 0))!);
  for (const [keys, ownLeaf] of [[ofAnn, 0] as const, [ofBob, 1] as const]) {
    keys.addEpoch({ id: 8, ownLeaf, senders: [ann, { ...bob, key: key(3) }] });
  }
  ofAnn.sendWith(8);
  const after = new Uint8Array((await ofAnn.encrypt(frame, 0))!);
  expect(bytes(await ofBob.decrypt(before, 0, 1))).toEqual([...frame]);
  expect(bytes(await ofBob.decrypt(after, 0, 1))).toEqual([...frame]);
  ofBob.forget(7);
  expect(await ofBob.decrypt(before, 0, 1)).toBeNull();
  // Whoever has only the former keys.
  expect(await pair().ofBob.decrypt(after, 0, 1)).toBeNull();
});
