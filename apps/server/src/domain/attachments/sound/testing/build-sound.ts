const rate = 8_000;

/** A tone of 8 bits and one channel, between two chunks that do not sound; `later` is the format in a longer header. */
export function buildWav(ms: number, { channels = 1, format = 1, later = 0 } = {}): Buffer {
  const frames = Math.round((ms * rate) / 1_000);
  const tone = Buffer.from(
    Array.from({ length: frames * channels }, (_, at) => 128 + Math.round(100 * Math.sin(at / 3))),
  );
  const head = Buffer.alloc(later === 0 ? 16 : 40);
  head.writeUInt16LE(later === 0 ? format : 0xfffe, 0);
  if (later !== 0) head.writeUInt16LE(later, 24);
  head.writeUInt16LE(channels, 2);
  head.writeUInt32LE(rate, 4);
  head.writeUInt32LE(rate * channels, 8);
  head.writeUInt16LE(channels, 12);
  head.writeUInt16LE(8, 14);
  const note = Buffer.from("Camera here");
  const chunks = [chunk("LIST", note), chunk("fmt ", head), chunk("data", tone), chunk("LIST", note)];
  return chunk("RIFF", Buffer.concat([Buffer.from("WAVE"), ...chunks]));
}

function chunk(id: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8, id, "latin1");
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

/** Silence of 128 kbit/s and 44.1 kHz: frames of 26 ms, with a tag before and after them. */
export function buildMp3(frames: number): Buffer {
  const frame = Buffer.alloc(417);
  frame.writeUInt32BE(0xfffb9000);
  const title = Buffer.from("Camera here");
  const before = Buffer.concat([Buffer.from("ID3\x04\x00\x00\x00\x00\x00"), Buffer.from([title.length]), title]);
  return Buffer.concat([before, ...Array<Buffer>(frames).fill(frame), Buffer.from("TAGCamera here".padEnd(128))]);
}

/** Opus with one packet a page, each of a frame of 20 ms, or as the packet's bytes say. */
export function buildOpus(packets: number, { packet = [0x08, 0], ms = 20, channels = 1 } = {}): Buffer {
  const head = Buffer.alloc(19, "OpusHead", "latin1");
  head.writeUInt8(1, 8);
  head.writeUInt8(channels, 9);
  head.writeUInt16LE(312, 10);
  head.fill(0, 12);
  return buildOgg([head, comments("OpusTags", 0), ...Array<Buffer>(packets).fill(Buffer.from(packet))], ms * 48, 2);
}

/** Vorbis whose packets nothing can decode. */
export function buildVorbis(packets: number): Buffer {
  const head = Buffer.alloc(30);
  head.write("\x01vorbis", "latin1");
  head.writeUInt8(2, 11);
  head.writeUInt32LE(44_100, 12);
  head.writeUInt8(0xb8, 28);
  const setup = Buffer.from("\x05vorbis");
  const sounding = Array<Buffer>(packets).fill(Buffer.from([1, 2, 3]));
  return buildOgg([head, comments("\x03vorbis", 1), setup, ...sounding], 1_024, 3);
}

function comments(mark: string, end: number): Buffer {
  const parts = ["encoder", "ARTIST=Camera here"].map((text, index) => {
    const head = Buffer.alloc(4 + 4 * index);
    head.writeUInt32LE(1, 0);
    head.writeUInt32LE(text.length, 4 * index);
    return Buffer.concat([head, Buffer.from(text)]);
  });
  return Buffer.concat([Buffer.from(mark, "latin1"), ...parts, Buffer.alloc(end, 1)]);
}

function buildOgg(packets: readonly Buffer[], step: number, headers: number): Buffer {
  const pages = packets.map((packet, index) => {
    const segments = [...Array<number>(Math.floor(packet.length / 255)).fill(255), packet.length % 255];
    const head = Buffer.alloc(27, "OggS", "latin1");
    head.fill(0, 4);
    head.writeUInt8(index === 0 ? 2 : index === packets.length - 1 ? 4 : 0, 5);
    head.writeBigInt64LE(BigInt(Math.max(0, index - headers + 1) * step), 6);
    head.writeUInt32LE(7, 14);
    head.writeUInt32LE(index, 18);
    head.writeUInt8(segments.length, 26);
    return Buffer.concat([head, Buffer.from(segments), packet]);
  });
  return Buffer.concat(pages);
}
