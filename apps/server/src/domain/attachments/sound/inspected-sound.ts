export interface InspectedSound {
  contentType: string;
  durationMs: number;
  /** The file without what does not sound: titles, pictures and comments. */
  parts: readonly Uint8Array[];
}
