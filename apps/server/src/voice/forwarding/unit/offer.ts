import { writeDescription, type Transport } from "./description.ts";
import { candidatesOf, turnedCandidatesOf, type Reached } from "./reached.ts";
import { audioLevelId, opus, soundFormat, voiceFormat, vp8 } from "./rtp.ts";

export type MediaKind = "voice" | "sound" | "video";

const formats: Record<MediaKind, { format?: string }> = {
  voice: { format: voiceFormat },
  sound: { format: soundFormat },
  video: {},
};

/** A section of the unit's offer. */
export interface OfferedSection {
  mid: string;
  kind: MediaKind;
  /** Of the packets that the unit sends in it; null for a section in which the participant sends. */
  ssrc: number | null;
}

/** The offer of a connection to the unit, with all sections that a call can need. */
export function writeOffer(transport: Transport, reached: Reached, sections: readonly OfferedSection[]): string {
  const byMid = new Map(sections.map((section) => [section.mid, section]));
  const described = sections.map(({ mid, kind, ssrc }) => ({
    media: kind === "video" ? ("video" as const) : ("audio" as const),
    mid,
    payloadType: kind === "video" ? vp8 : opus,
    levelId: kind === "video" ? null : audioLevelId,
    sends: ssrc === null,
    receives: ssrc !== null,
    sources: [],
  }));
  return writeDescription(
    {
      ...transport,
      // Clients take the addresses of one port and leave out the others.
      candidates: [...candidatesOf(reached), ...turnedCandidatesOf(reached).map((line) => `${line} turned 1`)],
      version: 1,
      sectionFor({ mid, sends, receives }) {
        const { kind, ssrc } = byMid.get(mid)!;
        return { sends: receives, receives: sends, ssrc, ...formats[kind] };
      },
    },
    described,
  );
}
