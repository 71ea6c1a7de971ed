/** Types of RTCP packets (RFC 3550, 4585). */
const senderReport = 200;
const receiverReport = 201;
const transportFeedback = 205;
const payloadFeedback = 206;
/** Formats of feedback: a picture was lost, or a full picture is required (FIR, RFC 5104); what a receiver can take. */
const pictureLoss = 1;
const fullPicture = 4;
const remb = 15;

/** Packets of one datagram that are read: more than browsers put together, and an empty one takes four bytes. */
const mostPackets = 64;
/** Where the blocks of these reports begin, and the size of one. */
const firstBlock = { [senderReport]: 28, [receiverReport]: 8 };
const blockSize = 24;
const reportSize = firstBlock[receiverReport] + blockSize;

/** What a receiver tells its sender. */
export interface Feedback {
  /** Of video. */
  wantsKeyFrame: boolean;
  /** Share of the packets that it has lost since its last report; null when it does not say. */
  lost: number | null;
  /** Bits per second that the receiver can take; null when it does not say. */
  bitrate: number | null;
}

/** An RTCP packet that asks for a full picture of the stream with this source number (PLI; RFC 4585, 6.3.1). */
export function keyFrameRequest(ssrc: number): Buffer {
  const packet = Buffer.alloc(12);
  packet[0] = 0x80 | pictureLoss;
  packet[1] = payloadFeedback;
  packet.writeUInt16BE(packet.length / 4 - 1, 2);
  packet.writeUInt32BE(1, 4);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}

/** What a receiver report says of a stream. */
export interface Received {
  /** Of the packets since the last report. */
  share: number;
  /** Packets lost in all. */
  total: number;
  /** The highest sequence number, extended by the number of times that it began anew. */
  highest: number;
  /** The middle of the time in the sender report that is answered at once; 0 answers none. */
  answered?: number;
}

/** An RTCP receiver report with one block (RFC 3550, 6.4.2). */
export function receiverReportOf(ssrc: number, { share, total, highest, answered = 0 }: Received): Buffer {
  const report = Buffer.alloc(reportSize);
  report[0] = 0x81;
  report[1] = receiverReport;
  report.writeUInt16BE(reportSize / 4 - 1, 2);
  report.writeUInt32BE(1, 4);
  report.writeUInt32BE(ssrc, 8);
  report[12] = Math.round(share * 255);
  report.writeUIntBE(total & 0xff_ffff, 13, 3);
  report.writeUInt32BE(highest >>> 0, 16);
  report.writeUInt32BE(answered, 24);
  return report;
}

/** Reads the packets of one RTCP datagram: what they say about the stream with this source number. */
export function readFeedback(datagram: Buffer, ssrc: number): Feedback {
  const feedback: Feedback = { wantsKeyFrame: false, lost: null, bitrate: null };
  for (const packet of packetsIn(datagram)) {
    feedback.lost = lostOf(packet, ssrc) ?? feedback.lost;
    if (packet[1] !== payloadFeedback) continue;
    const format = formatOf(packet);
    if (format === pictureLoss || format === fullPicture) {
      if (streamsOf(packet).includes(ssrc)) feedback.wantsKeyFrame = true;
    }
    if (format === remb) feedback.bitrate = estimate(packet) ?? feedback.bitrate;
  }
  return feedback;
}

/** The source numbers of the streams about which the packets of one RTCP datagram say something. */
export function streamsIn(datagram: Buffer): Set<number> {
  const streams = new Set<number>();
  for (const packet of packetsIn(datagram)) for (const ssrc of streamsOf(packet)) streams.add(ssrc);
  return streams;
}

/** The time in the report of this stream's sender, of which an answer repeats the middle; null without such a report. */
export function senderTimeIn(datagram: Buffer, ssrc: number): number | null {
  for (const packet of packetsIn(datagram)) {
    if (packet[1] === senderReport && packet.length >= 14 && packet.readUInt32BE(4) === ssrc) {
      return packet.readUInt32BE(10);
    }
  }
  return null;
}

function* packetsIn(datagram: Buffer): Generator<Buffer> {
  let at = 0;
  for (let count = 0; count < mostPackets && at + 4 <= datagram.length; count += 1) {
    const size = 4 * (datagram.readUInt16BE(at + 2) + 1);
    yield datagram.subarray(at, at + size);
    at += size;
  }
}

const formatOf = (packet: Buffer) => packet[0]! & 0x1f;

function streamsOf(packet: Buffer): number[] {
  const type = packet[1]!;
  if (type === senderReport) return [...numbersIn(packet, 4, 1, 4), ...blockStreams(packet, firstBlock[type])];
  if (type === receiverReport) return blockStreams(packet, firstBlock[type]);
  if (type !== payloadFeedback && type !== transportFeedback) return [];
  const format = type === payloadFeedback ? formatOf(packet) : 0;
  if (format === remb) return packet.length > 16 ? numbersIn(packet, 20, packet[16]!, 4) : [];
  if (format === fullPicture) return numbersIn(packet, 12, packet.length, 8);
  return numbersIn(packet, 8, 1, 4);
}

function blockStreams(report: Buffer, first: number): number[] {
  return numbersIn(report, first, formatOf(report), blockSize);
}

/** At most `most` numbers of four bytes, one in every `step` bytes from there on. */
function numbersIn(packet: Buffer, from: number, most: number, step: number): number[] {
  const numbers: number[] = [];
  for (let at = from; at + 4 <= packet.length && numbers.length < most; at += step) {
    numbers.push(packet.readUInt32BE(at));
  }
  return numbers;
}

/** The share that a report says was lost of this stream; null when it does not say. */
function lostOf(report: Buffer, ssrc: number): number | null {
  const first = firstBlock[report[1] as keyof typeof firstBlock];
  if (first === undefined) return null;
  const end = Math.min(report.length, first + blockSize * formatOf(report));
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
