import { Audio, PeerConnection, Video, type Track } from "node-datachannel";
import { readFeedback } from "../unit/rtcp.ts";

const opus = 111;
const vp8 = 96;
/** Room for a header with the audio level in it, or the beginning of a picture. */
export const headerSize = 24;
const packetMs = 20;
const pictureMs = 33;
/** The answer has reached the other end by then. */
const answerMs = 100;

export interface RtpParticipantOptions {
  name: string;
  offer: string;
  answer: (sdp: string) => void;
  /** A packet of the section with this `mid` has arrived. */
  onPacket: (mid: string, packet: Buffer) => void;
  /** The participant sends a small encoding of the camera as well. */
  hasSmall?: boolean;
}

type Size = "full" | "small";

/** A participant without a browser, at the other end of a connection of the forwarding unit. */
export class RtpParticipant {
  readonly #connection: PeerConnection;
  /** The engine closes what nothing refers to any more. */
  readonly #tracks: Track[] = [];
  readonly #microphone: Track;
  readonly #cameras: Partial<Record<Size, Track>>;
  readonly #pictures: Record<Size, Pictures>;
  readonly #ssrc = 1 + Math.floor(Math.random() * 2 ** 31);
  #sequence = Math.floor(Math.random() * 2 ** 16);
  #timestamp = Math.floor(Math.random() * 2 ** 32);

  constructor({ name, offer, answer, onPacket, hasSmall = false }: RtpParticipantOptions) {
    const connection = new PeerConnection(name, {
      iceServers: [],
      bindAddress: "127.0.0.1",
      disableAutoNegotiation: true,
    });
    this.#connection = connection;
    const microphone = new Audio("mic", "SendOnly");
    microphone.addOpusCodec(opus);
    microphone.addSSRC(this.#ssrc, name, name, name);
    this.#microphone = connection.addTrack(microphone);
    this.#pictures = { full: new Pictures(this.#ssrc + 1), small: new Pictures(this.#ssrc + 2) };
    const camera = (mid: string, size: Size) => {
      const media = new Video(mid, "SendOnly");
      media.addVP8Codec(vp8);
      media.addSSRC(this.#pictures[size].ssrc, name, name, name);
      const track = connection.addTrack(media);
      track.onMessage((packet) => this.#pictures[size].receive(packet));
      return track;
    };
    this.#cameras = { full: camera("camera", "full"), ...(hasSmall && { small: camera("camera_small", "small") }) };
    this.#tracks.push(this.#microphone, ...Object.values(this.#cameras));
    connection.onTrack((track) => {
      const mid = track.mid();
      track.onMessage((packet) => onPacket(mid, packet));
      this.#tracks.push(track);
    });
    connection.onLocalDescription((sdp) => answer(sdp));
    const candidates = offer.match(/^a=candidate:.*$/gm) ?? [];
    connection.setRemoteDescription(offer.replaceAll(/^a=(?:candidate:.*|end-of-candidates)\r\n/gm, ""), "offer");
    connection.setLocalDescription("answer");
    // What is sent before the other end has the answer is lost, and repeated after a second and more.
    setTimeout(() => {
      if (connection.state() !== "closed") candidates.forEach((one) => connection.addRemoteCandidate(one, "mic"));
    }, answerMs);
  }

  get isConnected(): boolean {
    return this.#connection.state() === "connected" && this.#microphone.isOpen();
  }

  /** Sends one packet of 20 ms. `level`: in decibels below the loudest sound; 127 is silence. */
  speak(payload: Buffer, level = 20): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + 48 * packetMs) >>> 0;
    const packet = Buffer.alloc(headerSize + payload.length);
    packet[0] = 0x90;
    packet[1] = opus;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(this.#timestamp, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    // One word of header extensions: the audio level, with the number 1 and one byte.
    packet.writeUInt32BE(0xbede0001, 12);
    packet[16] = 0x10;
    packet[17] = level;
    payload.copy(packet, headerSize);
    this.#microphone.sendMessageBinary(packet);
  }

  /** Sends a picture in one packet; its payload is where `payloadOf` looks for it. Full pictures are sent when asked for. */
  show(payload: Buffer, size: Size = "full"): void {
    this.#cameras[size]?.sendMessageBinary(this.#pictures[size].next(payload));
  }

  /** How often a full picture was asked for. */
  keyFramesAsked(size: Size = "full"): number {
    return this.#pictures[size].keyFramesAsked;
  }

  close(): void {
    this.#connection.close();
  }
}

/** One encoding of a camera. */
class Pictures {
  readonly ssrc: number;
  keyFramesAsked = 0;
  #isKeyWanted = true;
  #sequence = Math.floor(Math.random() * 2 ** 16);
  #timestamp = Math.floor(Math.random() * 2 ** 32);

  constructor(ssrc: number) {
    this.ssrc = ssrc;
  }

  receive(feedback: Buffer): void {
    if (!readFeedback(feedback, this.ssrc).wantsKeyFrame) return;
    this.keyFramesAsked += 1;
    this.#isKeyWanted = true;
  }

  next(payload: Buffer): Buffer {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + 90 * pictureMs) >>> 0;
    const packet = Buffer.alloc(headerSize + payload.length);
    packet[0] = 0x80;
    packet[1] = vp8;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(this.#timestamp, 4);
    packet.writeUInt32BE(this.ssrc, 8);
    // The start of a picture without a number, and whether it needs others. One that needs none says its size.
    packet[12] = 0x10;
    packet[13] = this.#isKeyWanted ? 0 : 1;
    packet.writeUInt16LE(640, 19);
    packet.writeUInt16LE(480, 21);
    this.#isKeyWanted = false;
    payload.copy(packet, headerSize);
    return packet;
  }
}

/** The payload of a packet that `RtpParticipant` sent. */
export function payloadOf(packet: Buffer): Buffer {
  return packet.subarray(headerSize);
}
