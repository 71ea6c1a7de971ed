/** Opus where it can be recorded; Safari before version 18.4 records AAC only. */
const types = [
  { type: "audio/webm;codecs=opus", ending: "webm" },
  { type: "audio/ogg;codecs=opus", ending: "ogg" },
  { type: "audio/mp4", ending: "m4a" },
] as const;

/** What this browser records, and the ending of such a file's name; undefined when it cannot record. */
export function recordingType(): (typeof types)[number] | undefined {
  if (!("MediaRecorder" in globalThis)) return undefined;
  return types.find(({ type }) => MediaRecorder.isTypeSupported(type));
}
