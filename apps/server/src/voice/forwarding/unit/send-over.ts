import type { Track } from "node-datachannel";

/**
 * Whether it was sent. The engine closes the sections of somebody whose network has vanished before the event of it comes, and
 * an error in one of its callbacks ends the process.
 */
export function sendOver(track: Pick<Track, "isOpen" | "sendMessageBinary">, message: Buffer): boolean {
  try {
    return track.isOpen() && track.sendMessageBinary(message);
  } catch {
    return false;
  }
}
