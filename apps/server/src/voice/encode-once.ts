import type { RoomEvent, VoiceCodec } from "./events.ts";

/** The codec with the frames of its latest event kept: a room sends one event to all its connections in a row. */
export function encodeOnce(codec: VoiceCodec): VoiceCodec {
  let latest: { event: RoomEvent; frames: readonly Buffer[] } | null = null;
  return {
    isLegacy: codec.isLegacy,
    encode(event) {
      if (latest?.event !== event) latest = { event, frames: codec.encode(event) };
      return latest.frames;
    },
  };
}
