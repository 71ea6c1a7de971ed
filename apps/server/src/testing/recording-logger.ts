import { pino, type Logger } from "pino";

/** Gives every entry from `info` on as a line of JSON. */
export function recordingLogger(write: (line: string) => void): Logger {
  return pino({ level: "info" }, { write });
}
