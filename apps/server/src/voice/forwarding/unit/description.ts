import { vp8 } from "./rtp.ts";

/** Descriptions have a section for each microphone and picture; more than this is no browser's. The unit's offer has 31. */
const mostSections = 32;
/** Of packets in one section; browsers name one for each encoding. */
const mostSources = 8;
const highestSource = 0xffff_ffff;
/** The section in which the unit sends a participant's screen to a client of version 1. */
export const screenMid = "unit-screen";

const patterns = {
  ufrag: /^a=ice-ufrag:([\w+/]{4,256})$/m,
  password: /^a=ice-pwd:([\w+/]{22,256})$/m,
  fingerprint: /^a=fingerprint:(sha-256 (?:[\dA-F]{2}:){31}[\dA-F]{2})$/im,
  setup: /^a=setup:(actpass|active|passive)$/m,
  mid: /^a=mid:([\w.+-]{1,32})$/m,
  direction: /^a=(sendrecv|sendonly|recvonly|inactive)$/m,
  audio: /^a=rtpmap:(\d{1,3}) opus\/48000\/2$/im,
  video: /^a=rtpmap:(\d{1,3}) VP8\/90000$/im,
  level: /^a=extmap:(\d{1,2})(?:\/\w+)? urn:ietf:params:rtp-hdrext:ssrc-audio-level\b/m,
};

type Pattern = keyof typeof patterns;

/** A section as a client describes it. */
export interface ClientSection {
  media: "audio" | "video" | "application";
  mid: string;
  /** Of the codec that the unit has; null for a section that it does not use. */
  payloadType: number | null;
  /** Number of the audio level in the header extension; null when the client does not know it. */
  levelId: number | null;
  sends: boolean;
  receives: boolean;
  /** Source numbers of its packets. */
  sources: readonly number[];
}

/** The transport of one end, and how it is proven. */
export interface Transport {
  ufrag: string;
  password: string;
  fingerprint: string;
  setup: string;
}

/** What counts of a client's description. */
export interface ClientDescription extends Transport {
  /** In the order of the description. */
  sections: readonly ClientSection[];
  voice: ClientSection & { payloadType: number };
}

/** Null for a description without a voice, and for one that no browser makes. */
export function readDescription(sdp: string): ClientDescription | null {
  const [session = "", ...texts] = sdp.replaceAll(/\r\n?/g, "\n").split(/^(?=m=)/m);
  if (texts.length > mostSections) return null;
  const sections = texts.flatMap((text) => sectionOf(text) ?? []);
  const at = sections.findIndex(({ media }) => media === "audio");
  const voice = sections[at];
  const mids = new Set(sections.map(({ mid }) => mid));
  if (!hasCodec(voice) || mids.size !== texts.length) return null;
  const find = (name: Pattern) => valueOf(name, texts[at]!) ?? valueOf(name, session);
  const [ufrag, password, fingerprint, setup] = [find("ufrag"), find("password"), find("fingerprint"), find("setup")];
  if (!ufrag || !password || !fingerprint || !setup) return null;
  return { ufrag, password, fingerprint, setup, sections, voice };
}

function hasCodec(section: ClientSection | undefined): section is ClientDescription["voice"] {
  return section !== undefined && section.payloadType !== null;
}

function sectionOf(text: string): ClientSection | null {
  const [, media, port] = /^m=(audio|video|application) (\d{1,5}) /.exec(text) ?? [];
  const mid = valueOf("mid", text);
  if (!media || !mid) return null;
  const direction = valueOf("direction", text) ?? "sendrecv";
  const level = Number(valueOf("level", text) ?? 0);
  // A section without a port of its own that goes with the others is no refused one.
  const isRefused = port === "0" && !/^a=bundle-only$/m.test(text);
  const codec = media === "application" || isRefused ? undefined : valueOf(media as "audio" | "video", text);
  return {
    media: media as ClientSection["media"],
    mid,
    payloadType: codec !== undefined && isPayloadType(Number(codec), media) ? Number(codec) : null,
    levelId: level > 0 && level < 15 ? level : null,
    sends: direction === "sendrecv" || direction === "sendonly",
    receives: direction === "sendrecv" || direction === "recvonly",
    sources: sourcesIn(text),
  };
}

/** Without those that no packet can have. */
function sourcesIn(text: string): number[] {
  const named = Array.from(text.matchAll(/^a=ssrc:(\d{1,10}) /gm), ([, source]) => Number(source));
  return [...new Set(named)].filter((source) => source <= highestSource).slice(0, mostSources);
}

/** Beside RTCP on one port (RFC 5761). A voice never has the number that pictures have. */
function isPayloadType(type: number, media: string): boolean {
  return (type < 64 || (type > 95 && type < 128)) && (media === "video" || type !== vp8);
}

function valueOf(name: Pattern, text: string): string | undefined {
  return patterns[name].exec(text)?.[1];
}

/** What the unit says about a section; null refuses it. */
export interface OwnSection {
  sends: boolean;
  receives: boolean;
  /** Of the packets that the unit sends. */
  ssrc: number | null;
  /** Parameters of the codec. */
  format?: string;
}

export interface OwnDescription extends Transport {
  /** Lines with the addresses of the unit. */
  candidates: readonly string[];
  /** Of this connection's descriptions, counted from 1. */
  version: number;
  sectionFor: (section: ClientSection) => OwnSection | null;
}

/** An offer or answer with these sections, of which the first that is not refused carries all. */
export function writeDescription(own: OwnDescription, sections: readonly ClientSection[]): string {
  const said = sections.map((section) => ({
    section,
    own: section.payloadType === null ? null : own.sectionFor(section),
  }));
  const mids = said.flatMap((one) => (one.own ? one.section.mid : []));
  const carrier = said.find((one) => one.own);
  const lines = said.flatMap((one) => {
    if (!one.own) return refused(one.section);
    return sectionLines(one === carrier ? own : { ...own, candidates: [] }, one.section, one.own);
  });
  return join([...sessionLines(own.version, mids), ...lines]);
}

/** The client's description for the engine: what was read of its voice, and nothing else that the client wrote. */
export function rewriteDescription(client: ClientDescription): string {
  const own = { sends: true, receives: true, ssrc: null };
  return join([
    ...sessionLines(1, [client.voice.mid]),
    ...sectionLines({ ...client, candidates: [] }, client.voice, own),
  ]);
}

type Said = Transport & Pick<OwnDescription, "candidates">;

function sectionLines(from: Said, section: ClientSection, { ssrc, format, ...direction }: OwnSection): string[] {
  const { media, mid, payloadType, levelId } = section;
  const isAudio = media === "audio";
  // A section of its own stream: what belongs to one stream is played in step.
  const stream = `stream-${mid} track-${mid}`;
  return [
    `m=${media} 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
    "c=IN IP4 0.0.0.0",
    `a=ice-ufrag:${from.ufrag}`,
    `a=ice-pwd:${from.password}`,
    `a=fingerprint:${from.fingerprint}`,
    `a=setup:${from.setup}`,
    `a=mid:${mid}`,
    ...(isAudio && levelId !== null ? [`a=extmap:${levelId} urn:ietf:params:rtp-hdrext:ssrc-audio-level`] : []),
    `a=${directionOf(direction)}`,
    ...(ssrc === null ? [] : [`a=msid:${stream}`]),
    "a=rtcp-mux",
    ...(isAudio ? [`a=rtpmap:${payloadType} opus/48000/2`] : videoLines(payloadType)),
    ...(format === undefined ? [] : [`a=fmtp:${payloadType} ${format}`]),
    ...(ssrc === null ? [] : [`a=ssrc:${ssrc} cname:unit`, `a=ssrc:${ssrc} msid:${stream}`]),
    ...from.candidates,
    ...(from.candidates.length > 0 ? ["a=end-of-candidates"] : []),
  ];
}

function videoLines(payloadType: number | null): string[] {
  return [
    `a=rtpmap:${payloadType} VP8/90000`,
    ...["goog-remb", "ccm fir", "nack", "nack pli"].map((feedback) => `a=rtcp-fb:${payloadType} ${feedback}`),
  ];
}

function sessionLines(version: number, mids: readonly string[]): string[] {
  return [
    "v=0",
    `o=- 1 ${version} IN IP4 127.0.0.1`,
    "s=-",
    "t=0 0",
    `a=group:BUNDLE ${mids.join(" ")}`,
    "a=msid-semantic: WMS *",
  ];
}

function refused({ media, mid }: ClientSection): string[] {
  const format = media === "application" ? "UDP/DTLS/SCTP webrtc-datachannel" : "UDP/TLS/RTP/SAVPF 0";
  return [`m=${media} 0 ${format}`, "c=IN IP4 0.0.0.0", "a=inactive", `a=mid:${mid}`];
}

function directionOf({ sends, receives }: { sends: boolean; receives: boolean }): string {
  if (sends) return receives ? "sendrecv" : "sendonly";
  return receives ? "recvonly" : "inactive";
}

const join = (lines: readonly string[]) => `${lines.join("\r\n")}\r\n`;
