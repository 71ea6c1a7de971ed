import { compiledRules } from "../../automod/rule-cache.ts";
import type { RuleSet } from "../../automod/rules.ts";
import type { LogCommand } from "../contract.ts";
import { memberKey } from "./keys.ts";
import type { ChannelFacts, LogTransaction, MemberKey } from "./transaction.ts";

/** The AutoMod rules that hold for the commands of a batch. Both empty where no server has rules. */
export interface AutomodFacts {
  /** Enabled rules by server id. */
  automod: ReadonlyMap<number, RuleSet>;
  /** By memberKey: what the authors of the batch wrote last, where a rule counts repeats. */
  automodSends: ReadonlyMap<string, string>;
}

const noFacts: AutomodFacts = { automod: new Map(), automodSends: new Map() };

/** Reads and compiles the rules of the channels' servers, unless they are known, after the channels were read. */
export async function loadAutomod(
  channels: readonly ChannelFacts[],
  commands: readonly LogCommand[],
  tx: Pick<LogTransaction, "automodRules" | "automodSends">,
): Promise<AutomodFacts> {
  const versions = new Map<number, number>();
  for (const { server_id, automod_version } of channels) {
    if (server_id !== null && automod_version) versions.set(server_id, automod_version);
  }
  if (versions.size === 0) return noFacts;
  const automod = new Map<number, RuleSet>();
  for (const [serverId, version] of versions) {
    const rules = compiledRules.rulesOf(serverId, version);
    if (rules) automod.set(serverId, rules);
  }
  const missing = [...versions.keys()].filter((id) => !automod.has(id));
  if (missing.length > 0) {
    const byServer = Map.groupBy(await tx.automodRules(missing), (row) => row.server_id);
    for (const serverId of missing) {
      const rules = await compiledRules.keep(serverId, versions.get(serverId)!, byServer.get(serverId) ?? []);
      automod.set(serverId, rules);
    }
  }
  const wanted = sendersIn(channels, commands).filter(({ server_id }) => automod.get(server_id)?.countsRepeats);
  const sends = wanted.length > 0 ? await tx.automodSends(wanted) : [];
  const byMember = sends.map((row) => [memberKey(row.server_id, row.user_id), row.sends] as const);
  return { automod, automodSends: new Map(byMember) };
}

function sendersIn(channels: readonly ChannelFacts[], commands: readonly LogCommand[]): MemberKey[] {
  const serverIds = new Map(channels.map((channel) => [channel.id, channel.server_id]));
  const keys = new Map<string, MemberKey>();
  for (const command of commands) {
    if (command.kind !== "send") continue;
    const server_id = serverIds.get(command.channelId) ?? null;
    if (server_id !== null) keys.set(memberKey(server_id, command.authorId), { server_id, user_id: command.authorId });
  }
  return [...keys.values()];
}
