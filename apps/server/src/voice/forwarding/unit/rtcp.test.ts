import { expect, test } from "vitest";
import { keyFrameRequest, readFeedback, receiverReportOf, senderTimeIn, streamsIn } from "./rtcp.ts";
import { Resends } from "./resends.ts";

/** An RTCP packet of this type with these numbers, four bytes each. */
function packetOf(type: number, format: number, ...numbers: number[]): Buffer {
  const packet = Buffer.alloc(4 + 4 * numbers.length);
  packet[0] = 0x80 | format;
  packet[1] = type;
  packet.writeUInt16BE(numbers.length, 2);
  for (const [at, number] of numbers.entries()) packet.writeUInt32BE(number, 4 + 4 * at);
  return packet;
}

const remb = (...ssrcs: number[]) =>
  packetOf(206, 15, 1, 0, Buffer.from("REMB").readUInt32BE(), (ssrcs.length << 24) | 1_000, ...ssrcs);
const missing = (ssrc: number, first: number, following = 0) => packetOf(205, 1, 1, ssrc, (first << 16) | following);

test("of a datagram with several reports each is about its own streams", () => {
  const datagram = Buffer.concat([
    packetOf(200, 0, 9, 0x1234, 0x5678_9abc, 0, 0, 0),
    receiverReportOf(1_000, { share: 0.5, total: 5, highest: 7 }),
    keyFrameRequest(2_000),
    packetOf(206, 4, 1, 0, 2_001, 0),
    remb(2_002, 2_003),
    missing(2_004, 5),
  ]);
  expect([...streamsIn(datagram)]).toEqual([9, 1_000, 2_000, 2_001, 2_002, 2_003, 2_004]);
  const asking = [1_000, 2_000, 2_001, 2_002].filter((ssrc) => readFeedback(datagram, ssrc).wantsKeyFrame);
  expect(asking).toEqual([2_000, 2_001]);
  expect(readFeedback(datagram, 1_000).lost).toBeCloseTo(0.5, 2);
  expect(readFeedback(datagram, 2_002)).toMatchObject({ lost: null, bitrate: 1_000 });
});

test("an answer repeats the middle of the time in a sender's report", () => {
  const report = packetOf(200, 0, 9, 0x1111_2345, 0x6789_2222, 0, 0, 0);
  expect([senderTimeIn(report, 9), senderTimeIn(report, 8)]).toEqual([0x2345_6789, null]);
  const answer = receiverReportOf(9, { share: 0, total: 0, highest: 3, answered: senderTimeIn(report, 9)! });
  expect([answer.length, answer.readUInt32BE(8), answer.readUInt32BE(24)]).toEqual([32, 9, 0x2345_6789]);
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["less than a header", Buffer.from([0x81, 201, 0])],
  ["a size beyond its end", Buffer.from([0x9f, 201, 0xff, 0xff, 0, 0])],
  ["feedback without a stream", packetOf(206, 1)],
  ["an estimate of more streams than there are", remb(2_000).fill(0xff, 16, 17)],
  ["many empty packets", Buffer.alloc(1_400, packetOf(205, 1))],
])("a datagram with %s is read to its end", (_, datagram) => {
  expect([...streamsIn(datagram)].filter((ssrc) => ssrc !== 2_000)).toEqual([]);
  expect(readFeedback(datagram, 1_000)).toMatchObject({ wantsKeyFrame: false, lost: null });
  expect(senderTimeIn(datagram, 1_000)).toBeNull();
  expect([...new Resends().asked(datagram, 1_000)]).toEqual([]);
});

test("a packet that was missed is sent again three times at most", () => {
  const resends = new Resends();
  for (let sequence = 10; sequence < 15; sequence += 1) {
    const packet = Buffer.alloc(20);
    packet.writeUInt16BE(sequence, 2);
    resends.keep(packet);
    packet.fill(0);
  }
  const asked = (ssrc: number) => [...resends.asked(missing(ssrc, 11, 0b100), ssrc)].map((one) => one.readUInt16BE(2));
  const all = () => [...resends.asked(missing(1, 11, 0b101), 1)].map((one) => one.readUInt16BE(2));
  expect(asked(2)).toEqual([11, 14]);
  expect([all(), all(), all()]).toEqual([[11, 12, 14], [11, 12, 14], [12]]);
  expect([...resends.asked(missing(1, 11), 2)]).toEqual([]);
});

test("packets are kept for two seconds, and 512 of them", () => {
  const resends = new Resends();
  const keep = (sequence: number, nowMs: number) => {
    const packet = Buffer.alloc(20);
    packet.writeUInt16BE(sequence, 2);
    resends.keep(packet, nowMs);
  };
  const isKept = (sequence: number) => [...resends.asked(missing(1, sequence), 1)].length > 0;
  keep(1, 0);
  keep(2, 1_000);
  keep(3, 2_500);
  expect([1, 2, 3].map(isKept)).toEqual([false, true, true]);
  for (let sequence = 4; sequence < 515; sequence += 1) keep(sequence, 2_600);
  expect([2, 3, 4].map(isKept)).toEqual([false, true, true]);
});

test("of a datagram of more packets than browsers put together the first ones are read", () => {
  const empty = packetOf(206, 1);
  const after = (count: number) => Buffer.concat([Buffer.alloc(4 * count, empty), keyFrameRequest(2_000)]);
  expect([...streamsIn(after(63))]).toEqual([2_000]);
  expect([[...streamsIn(after(64))], readFeedback(after(64), 2_000).wantsKeyFrame]).toEqual([[], false]);
});
