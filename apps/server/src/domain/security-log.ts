import type { SecurityEvent } from "@miscord/protocol";

/** Counts signs of an attack by client address. */
export interface SecurityLog {
  record(event: SecurityEvent, address: string): void;
}
