import { payloadStart } from "./rtp.ts";

/** What the descriptor of a VP8 packet says (RFC 7741, 4.2), and where, so that it can be changed in place. */
export interface Vp8 {
  /** Whether the packet begins a full picture, which needs no other one. */
  startsKeyFrame: boolean;
  /** Of the full picture that the packet begins, as its decoder takes memory for it; 0 for another packet. */
  pixels: number;
  /** Number of the picture, of 7 or 15 bits; null without one. */
  picture: { at: number; bits: 7 | 15; id: number } | null;
  /** Number of the latest picture of the lowest temporal layer; null without one. */
  layer: { at: number; index: number } | null;
}

/** Null for a packet without a picture in it. */
export function readVp8(packet: Buffer): Vp8 | null {
  const start = payloadStart(packet);
  if (start === null || start >= packet.length) return null;
  const first = packet[start]!;
  let at = start + 1;
  const vp8: Vp8 = { startsKeyFrame: false, pixels: 0, picture: null, layer: null };
  if ((first & 0x80) !== 0) {
    const has = packet[at] ?? 0;
    at += 1;
    if ((has & 0x80) !== 0) {
      const bits = ((packet[at] ?? 0) & 0x80) === 0 ? 7 : 15;
      if (at + 1 >= packet.length) return null;
      vp8.picture = { at, bits, id: bits === 7 ? packet[at]! : packet.readUInt16BE(at) & 0x7fff };
      at += bits === 7 ? 1 : 2;
    }
    if ((has & 0x40) !== 0) {
      if (at >= packet.length) return null;
      vp8.layer = { at, index: packet[at]! };
      at += 1;
    }
    if ((has & 0x30) !== 0) at += 1;
  }
  if (at >= packet.length) return null;
  // The first packet of the first partition; in a full picture the lowest bit of what it holds is 0.
  vp8.startsKeyFrame = (first & 0x17) === 0x10 && (packet[at]! & 0x01) === 0;
  if (vp8.startsKeyFrame) vp8.pixels = pixelsOf(packet, at);
  return vp8;
}

/**
 * Width and height have 14 bits each, behind a tag and a start code (RFC 6386, 9.1), and come in the first packet (RFC 7741, 4.3). They stay
 * readable in encrypted calls.
 */
function pixelsOf(packet: Buffer, at: number): number {
  if (packet.length < at + 10) return Infinity;
  return (packet.readUInt16LE(at + 6) & 0x3fff) * (packet.readUInt16LE(at + 8) & 0x3fff);
}
