import {
  Audio,
  initLogger,
  PeerConnection,
  RtcpNackResponder,
  RtcpReceivingSession,
  Video,
  type RtcConfig,
  type Track,
} from "node-datachannel";
import { audioLevelId } from "./rtp.ts";

// The engine's own messages end here: what it cannot do shows in the state of a connection. Without a function it throws.
initLogger("Fatal", () => {});

/** The number of each codec in RTP, the same for all participants, so that packets are forwarded as they arrive. */
const opus = 111;
const vp8 = 96;

export type MediaKind = "voice" | "sound" | "video";

const audioFormats = {
  // Nothing is sent in silence, and a lost packet is rebuilt from the next one.
  voice: "minptime=10;useinbandfec=1;usedtx=1",
  // The sound of a shared screen is often music.
  sound: "minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1;maxaveragebitrate=128000",
};

export interface SectionOptions {
  mid: string;
  kind: MediaKind;
  /** Of the packets that are sent in this section; null for a section that receives. */
  ssrc: number | null;
}

export interface Section {
  readonly track: Track;
  /** Asks for missing packets of video again, or answers such a request; must not be collected before the track. */
  readonly handler: unknown;
}

export function createConnection(name: string, port: number): PeerConnection {
  const config: RtcConfig = {
    iceServers: [],
    enableIceUdpMux: true,
    portRangeBegin: port,
    portRangeEnd: port,
    enableIceTcp: false,
    disableAutoNegotiation: true,
  };
  return new PeerConnection(name, config);
}

/** Adds a section to the description of the connection that is to be offered. */
export function addSection(connection: PeerConnection, { mid, kind, ssrc }: SectionOptions): Section {
  const direction = ssrc === null ? "RecvOnly" : "SendOnly";
  const media = kind === "video" ? video(mid, direction) : audio(mid, direction, kind);
  if (ssrc !== null) media.addSSRC(ssrc, "unit", mid, mid);
  const track = connection.addTrack(media);
  const handler = kind === "video" ? videoHandler(ssrc) : null;
  if (handler) track.setMediaHandler(handler);
  return { track, handler };
}

function audio(mid: string, direction: "RecvOnly" | "SendOnly", kind: "voice" | "sound") {
  const media = new Audio(mid, direction);
  media.addOpusCodec(opus, audioFormats[kind]);
  media.parseSdpLine(`a=extmap:${audioLevelId} urn:ietf:params:rtp-hdrext:ssrc-audio-level`);
  return media;
}

function video(mid: string, direction: "RecvOnly" | "SendOnly") {
  const media = new Video(mid, direction);
  media.addVP8Codec(vp8);
  return media;
}

function videoHandler(ssrc: number | null) {
  return ssrc === null ? new RtcpReceivingSession() : new RtcpNackResponder();
}
