/** Size of an RTP header without sources and extensions. */
const headerSize = 12;
/** RTP and RTCP share a port; these are the packet types of RTCP (RFC 5761). */
const firstRtcpType = 192;
const lastRtcpType = 223;
/** Number of the audio level in the header extension, as the unit's offers say. */
export const audioLevelId = 1;
/** The number of each codec in the unit's offers, the same for all participants, so that packets are forwarded as they arrive. */
export const opus = 111;
export const vp8 = 96;
/** Nothing is sent in silence, and a lost packet is rebuilt from the next one. */
export const voiceFormat = "minptime=10;useinbandfec=1;usedtx=1";
/** The sound of a shared screen is often music. */
export const soundFormat = "minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1;maxaveragebitrate=128000";
/** In place of the number of a level that the receiver does not know: receivers leave the rest of the extension alone (RFC 8285). */
const unknownId = 15;

export function isRtp(packet: Buffer): boolean {
  if (packet.length < headerSize) return false;
  const type = packet[1]!;
  return type < firstRtcpType || type > lastRtcpType;
}

/** The number of the source of an RTP packet, or of the sender of an RTCP packet; 0 for one that ends before. */
export function sourceOf(packet: Buffer): number {
  const at = isRtp(packet) ? 8 : 4;
  return packet.length < at + 4 ? 0 : packet.readUInt32BE(at);
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

/** In decibels below the loudest sound; null when the packet does not say. */
function audioLevel(packet: Buffer): number | null {
  const at = audioLevelAt(packet, audioLevelId);
  return at === null ? null : packet[at + 1]! & 0x7f;
}

/** Where the audio level with this number begins, in an extension of headers of one byte (RFC 8285); null without one. */
export function audioLevelAt(packet: Buffer, levelId: number): number | null {
  const hasExtension = (packet[0]! & 0x10) !== 0;
  const start = headerSize + 4 * (packet[0]! & 0x0f);
  if (!hasExtension || packet.length < start + 4 || packet.readUInt16BE(start) !== 0xbede) return null;
  const end = Math.min(packet.length, start + 4 + 4 * packet.readUInt16BE(start + 2));
  for (let at = start + 4; at < end;) {
    const id = packet[at]! >> 4;
    if (id === 0) at += 1;
    else if (id === levelId && at + 1 < end) return at;
    else at += 2 + (packet[at]! & 0x0f);
  }
  return null;
}

/** The numbers that one end of a connection gave a voice's codec and its audio level; null for an end that knows no level. */
export interface VoiceNumbers {
  payloadType: number;
  levelId: number | null;
}

/** Changes the header to these numbers. `levelAt`: where the audio level begins; null without one. */
export function renumber(packet: Buffer, levelAt: number | null, { payloadType, levelId }: VoiceNumbers): void {
  packet[1] = (packet[1]! & 0x80) | payloadType;
  if (levelAt !== null) packet[levelAt] = ((levelId ?? unknownId) << 4) | (packet[levelAt]! & 0x0f);
}
