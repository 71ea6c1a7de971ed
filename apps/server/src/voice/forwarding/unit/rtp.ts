/** Size of an RTP header without sources and extensions. */
const headerSize = 12;
/** RTP and RTCP share a port; these are the packet types of RTCP (RFC 5761). */
const firstRtcpType = 192;
const lastRtcpType = 223;
/** Number of the audio level in the header extension, as the unit's offers say. */
export const audioLevelId = 1;

export function isRtp(packet: Buffer): boolean {
  if (packet.length < headerSize) return false;
  const type = packet[1]!;
  return type < firstRtcpType || type > lastRtcpType;
}

/**
 * How loud the sound of a packet is, from 0 for silence to 127, as its sender says (RFC 6464). A sender that does not say is
 * judged by the size of the packet: silence takes a few bytes.
 */
export function loudnessOf(packet: Buffer): number {
  const level = audioLevel(packet);
  if (level !== null) return 127 - level;
  return packet.length > headerSize + 16 ? 90 : 0;
}

/** In decibels below the loudest sound; null without the extension in its form with headers of one byte (RFC 8285). */
function audioLevel(packet: Buffer): number | null {
  const hasExtension = (packet[0]! & 0x10) !== 0;
  const start = headerSize + 4 * (packet[0]! & 0x0f);
  if (!hasExtension || packet.length < start + 4 || packet.readUInt16BE(start) !== 0xbede) return null;
  const end = Math.min(packet.length, start + 4 + 4 * packet.readUInt16BE(start + 2));
  for (let at = start + 4; at < end;) {
    const id = packet[at]! >> 4;
    if (id === 0) at += 1;
    else if (id === audioLevelId && at + 1 < end) return packet[at + 1]! & 0x7f;
    else at += 2 + (packet[at]! & 0x0f);
  }
  return null;
}

/** What a receiver tells its sender. */
export interface Feedback {
  /** Of video. */
  wantsKeyFrame: boolean;
  /** Share of the packets that it has lost since its last report; null when it does not say. */
  lost: number | null;
  /** Bits per second that the receiver can take; null when it does not say. */
  bitrate: number | null;
}

const receiverReport = 201;
const payloadFeedback = 206;

/** Reads the packets of one RTCP datagram. */
export function readFeedback(datagram: Buffer): Feedback {
  const feedback: Feedback = { wantsKeyFrame: false, lost: null, bitrate: null };
  for (let at = 0; at + 4 <= datagram.length;) {
    const size = 4 * (datagram.readUInt16BE(at + 2) + 1);
    const hasBlock = (datagram[at]! & 0x1f) > 0 && at + 13 <= datagram.length;
    if (datagram[at + 1] === receiverReport && hasBlock) feedback.lost = datagram[at + 12]! / 256;
    if (datagram[at + 1] === payloadFeedback) {
      const format = datagram[at]! & 0x1f;
      // A picture was lost (PLI), or a full picture is required (FIR).
      if (format === 1 || format === 4) feedback.wantsKeyFrame = true;
      if (format === 15) feedback.bitrate = estimate(datagram.subarray(at, at + size)) ?? feedback.bitrate;
    }
    at += size;
  }
  return feedback;
}

/** The bitrate of a REMB packet (draft-alvestrand-rmcat-remb): a mantissa of 18 bits and an exponent of 6. */
function estimate(packet: Buffer): number | null {
  if (packet.length < 20 || packet.toString("latin1", 12, 16) !== "REMB") return null;
  const bits = packet.readUIntBE(17, 3);
  return (bits & 0x3ffff) * 2 ** (bits >> 18);
}
