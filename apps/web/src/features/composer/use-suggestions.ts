import type { CustomEmoji } from "@miscord/protocol";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useClientState, useMe } from "../../core/client.ts";
import { useFindMembers } from "../../core/find-members.ts";
import type { EmojiCompletion } from "../emoji/complete-emoji.ts";
import { usePeople } from "../../core/people.ts";
import { emojisFrom } from "../../core/server-emojis.ts";
import { useRoles } from "../../core/use-roles.ts";
import { useCan } from "../../core/use-can.ts";
import { matchMembers } from "./match-members.ts";
import type { Query, Suggestion } from "./suggestion.ts";

const shown = 8;
const shownGroups = 4;
const none: readonly Suggestion[] = [];

interface Place {
  serverId: number | null;
  channelId: number;
}

/** Completions of the query, best first. Members and emoji names are loaded when first needed. */
export function useSuggestions(place: Place, query: Query | null): readonly Suggestion[] {
  const mentions = useMentions(place, query?.kind === "mention" ? query.text : null);
  const emoji = useEmoji(place.serverId, query?.kind === "emoji" ? query.text : null);
  return query?.kind === "emoji" ? emoji : mentions;
}

function useMentions({ serverId, channelId }: Place, text: string | null): readonly Suggestion[] {
  const me = useMe();
  const mayAddressAll = useCan(serverId, "mentionEveryone", channelId);
  const members = usePeople(serverId, channelId);
  const roles = useRoles(serverId ?? 0);
  useFindMembers(serverId === null ? [] : [serverId], text);
  return useMemo(() => {
    if (text === null) return none;
    const others = Object.values(members ?? {}).filter(({ id }) => id !== me.id);
    const matches = matchMembers(others, text, shown).map((member): Suggestion => ({
      kind: "member",
      member,
      insert: `@${member.username} `,
    }));
    const wanted = text.toLowerCase();
    const groups: Suggestion[] = [
      ...(["everyone", "here"] as const)
        .filter((name) => mayAddressAll && name.startsWith(wanted))
        .map((kind) => ({ kind, insert: `@${kind} ` })),
      ...roles
        .filter(({ name, mentionable }) => (mentionable || mayAddressAll) && hasWord(name, wanted))
        .map(({ name, color }) => ({ kind: "role" as const, name, color, insert: `@${name} ` })),
    ].slice(0, shownGroups);
    return [...matches.slice(0, shown - groups.length), ...groups];
  }, [members, me.id, mayAddressAll, roles, text]);
}

function hasWord(name: string, wanted: string): boolean {
  return ` ${name.toLowerCase()}`.includes(` ${wanted}`);
}

function useEmoji(serverId: number | null, text: string | null): readonly Suggestion[] {
  const completion = useEmojiCompletion(text !== null);
  const servers = useClientState(useShallow((state) => (text === null ? noEmojis : emojisFrom(state, serverId))));
  return useMemo(() => {
    if (text === null || !completion) return none;
    return completion.search(servers, text, shown).map(({ emoji, name, typed }): Suggestion => ({
      kind: "emoji",
      emoji,
      name,
      insert: `${typed} `,
    }));
  }, [completion, servers, text]);
}

const noEmojis: readonly CustomEmoji[] = [];

function useEmojiCompletion(isWanted: boolean): EmojiCompletion | null {
  const { i18n } = useTranslation();
  const [completion, setCompletion] = useState<EmojiCompletion | null>(null);
  useEffect(() => {
    let isCurrent = true;
    if (isWanted) {
      loadCompletion(i18n.language).then(
        (loaded) => isCurrent && setCompletion(loaded),
        () => {},
      );
    }
    return () => {
      isCurrent = false;
    };
  }, [i18n.language, isWanted]);
  return completion;
}

/** With the first emoji that is asked for. */
export const loadCompletion = async (locale: string): Promise<EmojiCompletion> =>
  (await import("../emoji/complete-emoji.ts")).loadCompletion(locale);
