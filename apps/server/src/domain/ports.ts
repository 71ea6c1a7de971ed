import type { VoiceState } from "@miscord/protocol";

/** Who is in the voice channels. */
export interface VoiceStates {
  /** Of one server's channels, at this moment. */
  statesOf(serverId: number): VoiceState[];
}
