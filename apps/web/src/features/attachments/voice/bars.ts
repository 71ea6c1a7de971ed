/** Bars of every wave form, so that all voice messages look alike. */
export const barCount = 44;

/** Heights from 0 to 1, of base64 with any number of bytes: the highest within each bar's part, or the nearest. */
export function barsOf(waveform: string): number[] {
  const bytes = bytesOf(waveform);
  return Array.from({ length: barCount }, (_, bar) => {
    const from = Math.floor((bar * bytes.length) / barCount);
    const end = Math.max(from + 1, Math.floor(((bar + 1) * bytes.length) / barCount));
    return Math.max(0, ...bytes.slice(from, end)) / 255;
  });
}

/** Nothing of what cannot be read: another server may have let it through. */
function bytesOf(waveform: string): number[] {
  try {
    return Array.from(atob(waveform), (character) => character.charCodeAt(0));
  } catch {
    return [];
  }
}
