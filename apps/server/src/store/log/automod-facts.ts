import type { AutomodRuleFields } from "@miscord/protocol";
import type { RuleSet } from "../../automod/rules.ts";
import type { LogCommand } from "../contract.ts";
import { memberKey } from "./keys.ts";
import type { AutomodRuleRow, ChannelFacts, LogTransaction, MemberKey } from "./transaction.ts";

/** The AutoMod rules that hold for the commands of a batch. Both empty where no server has rules. */
export interface AutomodFacts {
  /** Enabled rules by server id. */
  automod: ReadonlyMap<number, RuleSet>;
  /** By memberKey: what the authors of the batch wrote last, where a rule counts repeats. */
  automodSends: ReadonlyMap<string, string>;
}

const noFacts: AutomodFacts = { automod: new Map(), automodSends: new Map() };

/**
 * Compiled rules by server id, with the text of each. When the version of the server's rules is another one, those whose
 * text is another one are made anew.
 */
const compiled = new Map<number, { version: number; texts: readonly string[]; rules: RuleSet }>();
const compiledAtMost = 300;

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
  const missing = [...versions.keys()].filter((id) => compiled.get(id)?.version !== versions.get(id));
  if (missing.length > 0) await keepCompiled(versions, missing, await tx.automodRules(missing));
  const automod = new Map([...versions.keys()].map((id) => [id, compiled.get(id)!.rules]));
  const wanted = sendersIn(channels, commands).filter(({ server_id }) => automod.get(server_id)?.countsRepeats);
  const sends = wanted.length > 0 ? await tx.automodSends(wanted) : [];
  const byMember = sends.map((row) => [memberKey(row.server_id, row.user_id), row.sends] as const);
  if (compiled.size > compiledAtMost) compiled.clear();
  return { automod, automodSends: new Map(byMember) };
}

async function keepCompiled(
  versions: ReadonlyMap<number, number>,
  serverIds: readonly number[],
  rows: readonly AutomodRuleRow[],
): Promise<void> {
  // Loaded with the first rule, as most instances may have none.
  const { RuleSet: Rules, compileRule } = await import("../../automod/rules.ts");
  const byServer = Map.groupBy(rows, (row) => row.server_id);
  for (const serverId of serverIds) {
    const texts: string[] = [];
    const rules = (byServer.get(serverId) ?? []).map(({ id, fields }) => {
      const former = compiled.get(serverId)?.texts.indexOf(fields) ?? -1;
      texts.push(fields);
      const known = former < 0 ? undefined : compiled.get(serverId)!.rules.rules[former];
      return known?.rule.id === id ? known : compileRule({ ...(JSON.parse(fields) as AutomodRuleFields), id });
    });
    compiled.set(serverId, { version: versions.get(serverId)!, texts, rules: new Rules(rules) });
  }
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
