import { Audio, PeerConnection, type Track } from "node-datachannel";
import { isRtp } from "../unit/rtp.ts";
import { headerSize } from "./rtp-participant.ts";

/** Numbers that differ from those of the unit's own offers. */
export const oldOpus = 109;
export const oldLevelId = 3;

const packetMs = 20;

interface BridgedParticipantOptions {
  name: string;
  offer: (sdp: string) => void;
  onPacket: (packet: Buffer) => void;
}

/** The connection of a client of version 1 to one other participant, without a browser: it makes the offer. */
export class BridgedParticipant {
  readonly #connection: PeerConnection;
  readonly #microphone: Track;
  readonly #ssrc = 1 + Math.floor(Math.random() * 2 ** 31);
  #sequence = Math.floor(Math.random() * 2 ** 16);
  #timestamp = Math.floor(Math.random() * 2 ** 32);
  /** The latest description that was sent. */
  sdp = "";

  constructor({ name, offer, onPacket }: BridgedParticipantOptions) {
    this.#connection = new PeerConnection(name, {
      iceServers: [],
      bindAddress: "127.0.0.1",
      disableAutoNegotiation: true,
    });
    const microphone = new Audio("0", "SendRecv");
    microphone.addOpusCodec(oldOpus);
    microphone.addSSRC(this.#ssrc, name, name, name);
    microphone.parseSdpLine(`a=extmap:${oldLevelId} urn:ietf:params:rtp-hdrext:ssrc-audio-level`);
    this.#microphone = this.#connection.addTrack(microphone);
    this.#microphone.onMessage((packet) => {
      if (isRtp(packet)) onPacket(packet);
    });
    this.#connection.onLocalDescription((sdp) => {
      this.sdp = sdp;
      offer(sdp);
    });
    this.#connection.setLocalDescription("offer");
  }

  get isConnected(): boolean {
    return this.#connection.state() === "connected" && this.#microphone.isOpen();
  }

  /** The unit's answer. */
  answered(sdp: string): void {
    if (this.#connection.signalingState() === "have-local-offer") this.#connection.setRemoteDescription(sdp, "answer");
  }

  /** Sends one packet of 20 ms. */
  speak(payload: Buffer): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + 48 * packetMs) >>> 0;
    const packet = Buffer.alloc(headerSize + payload.length);
    packet[0] = 0x90;
    packet[1] = oldOpus;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(this.#timestamp, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    packet.writeUInt32BE(0xbede0001, 12);
    packet[16] = oldLevelId << 4;
    packet[17] = 20;
    payload.copy(packet, headerSize);
    if (this.isConnected) this.#microphone.sendMessageBinary(packet);
  }

  close(): void {
    this.#connection.close();
  }
}
