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

/** Where the payload begins, behind the header with its sources and extensions; null when the packet ends before. */
export function payloadStart(packet: Buffer): number | null {
  const start = headerSize + 4 * (packet[0]! & 0x0f);
  if ((packet[0]! & 0x10) === 0) return start;
  return packet.length < start + 4 ? null : start + 4 + 4 * packet.readUInt16BE(start + 2);
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

const senderReport = 200;
const receiverReport = 201;
const payloadFeedback = 206;
/** Where the blocks of these reports begin, and the size of one. */
const firstBlock = { [senderReport]: 28, [receiverReport]: 8 };
const blockSize = 24;

/** Reads the packets of one RTCP datagram: what they say about the stream with this source number. */
export function readFeedback(datagram: Buffer, ssrc: number): Feedback {
  const feedback: Feedback = { wantsKeyFrame: false, lost: null, bitrate: null };
  for (let at = 0; at + 4 <= datagram.length;) {
    const size = 4 * (datagram.readUInt16BE(at + 2) + 1);
    const packet = datagram.subarray(at, at + size);
    feedback.lost = lostOf(packet, ssrc) ?? feedback.lost;
    if (packet[1] === payloadFeedback) {
      const format = packet[0]! & 0x1f;
      // A picture was lost (PLI), or a full picture is required (FIR).
      if (format === 1 || format === 4) feedback.wantsKeyFrame = true;
      if (format === 15) feedback.bitrate = estimate(packet) ?? feedback.bitrate;
    }
    at += size;
  }
  return feedback;
}

/** The share that a report says was lost of this stream; null when it does not say. */
function lostOf(report: Buffer, ssrc: number): number | null {
  const first = firstBlock[report[1] as keyof typeof firstBlock];
  if (first === undefined) return null;
  const end = Math.min(report.length, first + blockSize * (report[0]! & 0x1f));
  for (let at = first; at + blockSize <= end; at += blockSize) {
    if (report.readUInt32BE(at) === ssrc) return report[at + 4]! / 256;
  }
  return null;
}

/** The bitrate of a REMB packet (draft-alvestrand-rmcat-remb): a mantissa of 18 bits and an exponent of 6. */
function estimate(packet: Buffer): number | null {
  if (packet.length < 20 || packet.toString("latin1", 12, 16) !== "REMB") return null;
  const bits = packet.readUIntBE(17, 3);
  return (bits & 0x3ffff) * 2 ** (bits >> 18);
}
