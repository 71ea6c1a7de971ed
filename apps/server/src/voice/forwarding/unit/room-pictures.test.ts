import { beforeEach, expect, test } from "vitest";
import { Allowance } from "./allowance.ts";
import { Outlet } from "./outlet.ts";
import { PictureOutlet } from "./picture-outlet.ts";
import type { PictureKind } from "./picture-kinds.ts";
import type { PicturePeer } from "./picture-peer.ts";
import { Encoding, Pictures } from "./pictures.ts";
import { RoomPictures } from "./room-pictures.ts";
import { SenderLimit } from "./sender-limit.ts";
import { Shedding } from "./shedding.ts";

const headerSize = 12;
let sent: Buffer[];

function picturesOf(): Pictures {
  const encoding = () => new Encoding({ requestKeyFrame: () => true });
  const sending = { isOpen: true, send: (packet: Buffer) => sent.push(Buffer.from(packet)) > 0 };
  const outlet = new PictureOutlet(new Outlet("0", sending, { ssrc: 1, clockRate: 90 }));
  return new Pictures({ full: encoding(), small: encoding() }, [outlet]);
}

/** Shows a camera and a screen, and watches those of the other one. */
function peer(userId: number, otherId: number): PicturePeer {
  const pictures = { screen: picturesOf(), camera: picturesOf() };
  for (const one of Object.values(pictures)) one.watch([otherId], []);
  return {
    userId,
    source: userId,
    status: { isHeard: true, hears: true, isSharing: true, isCameraOn: true, isScreenHeard: true },
    pictures,
    screenSounds: [],
    allowance: new Allowance(),
    limit: new SenderLimit(() => true),
    isConnected: true,
    shows: () => true,
  };
}

/** The first packet of a full picture. */
function keyFrame(width: number, height: number): Buffer {
  const packet = Buffer.alloc(headerSize + 40);
  packet[0] = 0x80;
  packet[1] = 96;
  packet[headerSize] = 0x10;
  packet.set([0x10, 0, 0, 0x9d, 0x01, 0x2a], headerSize + 1);
  packet.writeUInt16LE(width, headerSize + 7);
  packet.writeUInt16LE(height, headerSize + 9);
  return packet;
}

const [ann, bob] = [peer(1, 2), peer(2, 1)];
const room = new RoomPictures(
  new Set([ann, bob]),
  { counters: { packetsOut: 0, bytesOut: 0 }, shedding: new Shedding(() => 0) },
  () => {},
);
room.changed();
beforeEach(() => (sent = []));

test.each([
  ["camera", 1_920, 1_080, 1],
  ["camera", 4_096, 2_304, 1],
  ["camera", 7_680, 4_320, 0],
  ["camera", 16_383, 16_383, 0],
  ["screen", 7_680, 4_320, 1],
  ["screen", 16_383, 16_383, 0],
  ["screen", 16_383, 2_160, 0],
  // These bits say how it is scaled.
  ["screen", 0xc000 | 1_280, 0x4000 | 720, 1],
] as const)(
  "a picture of a %s of %i × %i is sent to its viewer so many times: %i",
  (kind: PictureKind, width, height, times) => {
    room.send(ann, { kind, size: "full" }, keyFrame(width, height));
    expect(sent).toHaveLength(times);
  },
);

test("a full picture whose first packet does not say its size is sent to nobody", () => {
  room.send(ann, { kind: "camera", size: "full" }, keyFrame(640, 480).subarray(0, headerSize + 10));
  expect(sent).toEqual([]);
});
