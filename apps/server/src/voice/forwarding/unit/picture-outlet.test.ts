import { expect, test } from "vitest";
import { Outlet } from "./outlet.ts";
import { PictureOutlet, picturePositionOf } from "./picture-outlet.ts";
import type { PictureSize } from "./picture-kinds.ts";
import { Section } from "./section.ts";
import { readVp8 } from "./vp8.ts";

/** One encoding as a browser sends it: two packets for each picture, numbered from anywhere. */
class Encoder {
  readonly #size: PictureSize;
  #sequence: number;
  #picture: number;
  #timestamp: number;

  constructor(
    size: PictureSize,
    { sequence, picture, timestamp }: Record<"sequence" | "picture" | "timestamp", number>,
  ) {
    this.#size = size;
    [this.#sequence, this.#picture, this.#timestamp] = [sequence, picture, timestamp];
  }

  next(isKey: boolean): { size: PictureSize; packet: Buffer }[] {
    this.#picture = (this.#picture + 1) & 0x7fff;
    this.#timestamp = (this.#timestamp + 3_000) >>> 0;
    return [true, false].map((isFirst) => ({ size: this.#size, packet: this.#packet(isFirst, isKey) }));
  }

  #packet(isFirst: boolean, isKey: boolean): Buffer {
    const packet = Buffer.alloc(12 + 5 + 20);
    packet[0] = 0x80;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(this.#timestamp, 4);
    packet[12] = isFirst ? 0x90 : 0x80;
    // The number of the picture in 15 bits, and of the layer.
    packet[13] = 0xc0;
    packet.writeUInt16BE(0x8000 | this.#picture, 14);
    packet[16] = this.#picture & 0xff;
    packet[17] = isKey ? 0 : 1;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    return packet;
  }
}

/** A place whose packets are collected. */
function openPlace() {
  const sent: Buffer[] = [];
  const track = {
    isOpen: () => true,
    sendMessageBinary: (packet: Buffer) => sent.push(Buffer.from(packet)) > 0,
  };
  const place = new PictureOutlet(new Outlet("c0", new Section(track as never), { ssrc: 4_000, clockRate: 90 }));
  let nowMs = 0;
  const send = (...packets: { size: PictureSize; packet: Buffer }[]) => {
    nowMs += 33;
    for (const { size, packet } of packets) {
      place.send(Buffer.from(packet), { source: 7, size }, picturePositionOf(packet, nowMs));
    }
  };
  return { place, sent, send };
}

const pictureOf = (packet: Buffer) => readVp8(packet)!.picture!.id;
const sequenceOf = (packet: Buffer) => packet.readUInt16BE(2);

test("an encoding is replaced at a full picture, and its numbers go on without a gap", () => {
  const { place, sent, send } = openPlace();
  const full = new Encoder("full", { sequence: 65_530, picture: 32_760, timestamp: 4_294_960_000 });
  const small = new Encoder("small", { sequence: 9, picture: 5, timestamp: 77 });
  send(...full.next(true));
  for (let at = 0; at < 9; at += 1) send(...full.next(false));
  place.want("small", 0);
  for (let at = 0; at < 5; at += 1) send(...full.next(false), ...small.next(false));
  expect(place.sent).toBe("full");
  send(...full.next(false), ...small.next(true));
  expect(place.sent).toBe("small");
  for (let at = 0; at < 5; at += 1) send(...full.next(false), ...small.next(false));
  place.want("full", 0);
  send(...full.next(true), ...small.next(false));
  send(...full.next(false));
  expect(place.sent).toBe("full");
  const first = sequenceOf(sent[0]!);
  expect(sent.map(sequenceOf)).toEqual(sent.map((_, at) => (first + at) & 0xffff));
  expect(sent.length).toBe(2 * (1 + 9 + 5 + 1 + 1 + 5 + 2));
  const [firstPicture, pictures] = [pictureOf(sent[0]!), sent.map(pictureOf)];
  expect(pictures).toEqual(sent.map((_, at) => (firstPicture + Math.floor(at / 2)) & 0x7fff));
  const steps = sent.slice(1).map((packet, at) => (packet.readUInt32BE(4) - sent[at]!.readUInt32BE(4)) >>> 0);
  // Never back, and never by more than a few pictures.
  expect(Math.max(...steps)).toBeLessThan(90 * 100);
});

test("a packet that its encoding's first one has overtaken is left out: its number belongs to another", () => {
  const { place, sent, send } = openPlace();
  const full = new Encoder("full", { sequence: 100, picture: 1, timestamp: 0 });
  const small = new Encoder("small", { sequence: 500, picture: 1, timestamp: 0 });
  send(...full.next(true));
  const late = small.next(false);
  place.want("small", 0);
  send(...small.next(true));
  send(...late, ...small.next(false));
  expect(sent.map(sequenceOf)).toEqual([100, 101, 102, 103, 104, 105]);
});

test("what is no VP8 is passed on, and read without a fault", () => {
  for (let size = 0; size < 24; size += 1) {
    for (const fill of [0, 0x80, 0x90, 0xff]) {
      const packet = Buffer.alloc(12 + size, fill);
      packet[0] = 0x80;
      expect(() => readVp8(packet)).not.toThrow();
      packet[0] = 0x9f;
      expect(() => readVp8(packet)).not.toThrow();
    }
  }
  expect(readVp8(Buffer.alloc(12, 0x80))).toBeNull();
});
