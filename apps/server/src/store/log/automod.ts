import { contentWithEmbeds } from "@miscord/protocol";
import { can, type AccessFacts } from "@miscord/rights";
import type { CompiledRule, RuleSet } from "../../automod/rules.ts";
import type { AutomodMatch, EditCommand, Refused, SendCommand } from "../contract.ts";
import { parseRoles } from "../rights-sql.ts";
import { actorOf, type Facts } from "./facts.ts";
import { memberKey } from "./keys.ts";
import { refuse } from "./outcome.ts";
import type { AutomodSends, ChannelFacts } from "./transaction.ts";

/** The refusal that follows from what was met; null when nothing of it refuses. */
export function refusalBy(met: readonly AutomodMatch[]): Refused | null {
  const blocking = met.find(({ actions }) => actions.block);
  if (!blocking) return null;
  return { ...refuse("automod_blocked", blocking.message), automod: met };
}

/** Longest remembered time between two messages that count as repeats, and messages remembered of a member. */
const rememberedMs = 3_600_000;
const remembered = 20;

interface Send {
  readonly digest: string;
  readonly at: number;
}

/** Compares what is sent and edited in a batch with the rules of its servers. */
export class AutomodCheck {
  readonly #facts: Facts;
  readonly #newSends = new Map<string, AutomodSends>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** The rules that the command meets. None for those who are exempt. */
  check(channel: ChannelFacts, access: AccessFacts, command: SendCommand | EditCommand): readonly AutomodMatch[] {
    const set = this.#facts.automod.get(channel.server_id ?? 0);
    const { webhook } = command;
    const rules = set ? this.#rulesFor(set, channel, access, webhook !== undefined) : [];
    if (!set || rules.length === 0) return [];
    const authorId = actorOf(command);
    const person = this.#facts.people.get(authorId)!;
    const earlier = command.kind === "send" ? this.#sendsOf(channel, authorId) : [];
    const written = contentWithEmbeds({ content: command.content, embeds: webhook?.embeds ?? [] });
    // Of a new post its title is read as well.
    const text = command.kind === "send" && command.opensPost ? `${channel.name}\n${written}` : written;
    const shared = { accountSince: person.created_at, at: command.at };
    const { mentionNames: named, mentionRoles: roles = [], mentionsEveryone: everyone, hereIds } = command;
    const mentions = named.length + roles.length + Number(everyone) + Number(hereIds !== undefined);
    const content = set.textOf({ content: text, mentions, earlier, ...shared });
    const nickname = this.#facts.members.get(memberKey(channel.server_id!, authorId))?.nickname;
    const called = webhook ? [webhook.name] : [nickname ?? person.display_name, person.display_name, person.username];
    const names = [...new Set(called)].map((name) =>
      set.textOf({ content: name, mentions: 0, earlier: [], ...shared }),
    );
    return rules.flatMap(({ rule, test }) => {
      const isText = test(content) !== undefined;
      const name = isText || !rule.checks_names ? undefined : names.find((one) => test(one) !== undefined);
      if (!isText && !name) return [];
      return [
        {
          ruleId: rule.id,
          ruleName: rule.name,
          message: rule.message,
          actions: rule.actions,
          serverId: channel.server_id!,
          ownerId: channel.owner_id,
          channel: { id: channel.id, name: channel.name, isRestricted: channel.hidden_from_some === 1 },
          author: { id: person.id, username: webhook?.name ?? person.username },
          text: name?.checked.content ?? text,
          isName: name !== undefined,
        },
      ];
    });
  }

  /** Remembers what was sent where a rule counts repeats. */
  countSend(channel: ChannelFacts, { authorId, content: written, webhook, at }: SendCommand): void {
    const serverId = channel.server_id ?? 0;
    const set = this.#facts.automod.get(serverId);
    if (!set?.countsRepeats) return;
    const content = contentWithEmbeds({ content: written, embeds: webhook?.embeds ?? [] });
    const { digest } = set.textOf({ content, mentions: 0, accountSince: 0, at, earlier: [] });
    const sends = [...this.#sendsOf(channel, authorId).filter((one) => at - one.at < rememberedMs), { digest, at }];
    const text = sends
      .slice(-remembered)
      .map((one) => `${one.digest} ${one.at}`)
      .join(",");
    this.#newSends.set(memberKey(serverId, authorId), { server_id: serverId, user_id: authorId, sends: text });
  }

  changes(): AutomodSends[] {
    return [...this.#newSends.values()];
  }

  /** A webhook has no roles, and its creator's exempt it from nothing: anybody may know its address. */
  #rulesFor(
    { rules }: RuleSet,
    channel: ChannelFacts,
    access: AccessFacts,
    isWebhook: boolean,
  ): readonly CompiledRule[] {
    if (!isWebhook && (can(access, "manageGuild") || can(access, "administrator"))) return [];
    const member = isWebhook ? undefined : this.#facts.members.get(memberKey(channel.server_id!, access.userId));
    const roleIds = new Set([channel.everyone_role_id, ...parseRoles(member?.roles ?? null).map(({ id }) => id)]);
    return rules.filter(
      ({ rule }) =>
        !rule.exempt_channel_ids.some((id) => id === channel.id || id === channel.parent_id) &&
        !rule.exempt_role_ids.some((roleId) => roleIds.has(roleId)),
    );
  }

  #sendsOf(channel: ChannelFacts, userId: number): readonly Send[] {
    const key = memberKey(channel.server_id!, userId);
    const text = this.#newSends.get(key)?.sends ?? this.#facts.automodSends.get(key);
    if (!text) return [];
    return text.split(",").map((part) => {
      const [digest = "", at = "0"] = part.split(" ");
      return { digest, at: Number(at) };
    });
  }
}
