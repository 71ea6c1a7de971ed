import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../core/client.ts";
import { useFindMembers } from "../../core/find-members.ts";
import { loadShortcodes, searchShortcodes, type Shortcodes } from "../emoji/shortcodes.ts";
import { usePeople } from "../../core/people.ts";
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
  const emoji = useEmoji(query?.kind === "emoji" ? query.text : null);
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

function useEmoji(text: string | null): readonly Suggestion[] {
  const all = useShortcodes(text !== null);
  return useMemo(() => {
    if (text === null) return none;
    return searchShortcodes(all, text, shown).map(({ emoji, name }): Suggestion => ({
      kind: "emoji",
      emoji,
      name,
      insert: `${emoji} `,
    }));
  }, [all, text]);
}

const noShortcodes: Shortcodes = [];

function useShortcodes(isWanted: boolean): Shortcodes {
  const { i18n } = useTranslation();
  const [all, setAll] = useState<Shortcodes>(noShortcodes);
  useEffect(() => {
    let isCurrent = true;
    if (isWanted) {
      loadShortcodes(i18n.language).then(
        (loaded) => isCurrent && setAll(loaded),
        () => {},
      );
    }
    return () => {
      isCurrent = false;
    };
  }, [i18n.language, isWanted]);
  return all;
}
