import type { ClientState } from "@miscord/client";
import type { Retention } from "@miscord/protocol";

/** The rules by which messages and files of the channel are removed, of the instance, the server and the channel, a thread's that of its parent. */
export function retentionOf(
  { instance, servers, channels, threads }: ClientState,
  channelId: number,
): readonly Retention[] {
  const channel = channels[threads[channelId]?.parent_id ?? channelId];
  const server = servers[channel?.server_id ?? 0];
  const rules = [instance?.retention, server?.retention, channel?.retention];
  return rules.flatMap((rule) => (rule && (rule.message_days > 0 || rule.file_days > 0) ? [rule] : []));
}
