import { Audio, PeerConnection, Video, type Track } from "node-datachannel";

const opus = 111;
const vp8 = 96;
/** Size of the header with the audio level in it. */
const headerSize = 20;
const packetMs = 20;
/** The answer has reached the other end by then. */
const answerMs = 100;

export interface RtpParticipantOptions {
  name: string;
  offer: string;
  answer: (sdp: string) => void;
  /** A packet of the section with this `mid` has arrived. */
  onPacket: (mid: string, packet: Buffer) => void;
}

/** A participant without a browser, at the other end of a connection of the forwarding unit. */
export class RtpParticipant {
  readonly #connection: PeerConnection;
  /** The engine closes what nothing refers to any more. */
  readonly #tracks: Track[] = [];
  readonly #microphone: Track;
  readonly #camera: Track;
  readonly #ssrc = 1 + Math.floor(Math.random() * 2 ** 31);
  #sequence = Math.floor(Math.random() * 2 ** 16);
  #timestamp = Math.floor(Math.random() * 2 ** 32);

  constructor({ name, offer, answer, onPacket }: RtpParticipantOptions) {
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
    const camera = new Video("camera", "SendOnly");
    camera.addVP8Codec(vp8);
    camera.addSSRC(this.#ssrc + 1, name, name, name);
    this.#camera = connection.addTrack(camera);
    this.#tracks.push(this.#microphone, this.#camera);
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

  /** Sends one packet of the camera; its payload is where `payloadOf` looks for it. */
  show(payload: Buffer): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    const packet = Buffer.alloc(headerSize + payload.length);
    packet[0] = 0x80;
    packet[1] = vp8;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(this.#ssrc + 1, 8);
    payload.copy(packet, headerSize);
    this.#camera.sendMessageBinary(packet);
  }

  close(): void {
    this.#connection.close();
  }
}

/** The payload of a packet that `RtpParticipant` sent. */
export function payloadOf(packet: Buffer): Buffer {
  return packet.subarray(headerSize);
}
