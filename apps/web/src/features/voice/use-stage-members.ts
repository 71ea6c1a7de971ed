import type { VoiceMember } from "@miscord/client";
import { useClientState } from "../../core/client.ts";

const nobody: readonly VoiceMember[] = [];

/** Those in the channel's call; of a stage, the speakers. */
export function useStageMembers(channelId: number): readonly VoiceMember[] {
  const all = useClientState((state) => state.voice[channelId] ?? nobody);
  const isStage = useClientState((state) => state.channels[channelId]?.type === "stage");
  return isStage ? all.filter(({ is_suppressed }) => !is_suppressed) : all;
}
