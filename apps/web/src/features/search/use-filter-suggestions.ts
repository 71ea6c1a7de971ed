import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/shallow";
import { useStore } from "zustand";
import { foldName } from "@miscord/text";
import { useClient } from "../../core/client.ts";
import { useFindMembers } from "../../core/find-members.ts";
import { matchMembers } from "../composer/match-members.ts";
import { channelName, dmIds, usePeople } from "../../core/people.ts";
import { type Chip, type ChipKind, chipKinds, type SearchPlace } from "./chip.ts";
import { dayOf, parseDay } from "./days.ts";
import type { FilterText } from "./filter-text.ts";
import { useChipText } from "./use-chip-text.ts";

export type Suggestion =
  | { readonly key: string; readonly label: string; readonly hint: string; readonly kind: ChipKind }
  | { readonly key: string; readonly label: string; readonly hint: string; readonly chip: Chip };

const shown = 8;
const kinds = ["file", "image", "video", "sound", "link"] as const;
const dayMs = 86_400_000;

/** What completes the filter that is being typed; without one, the filters that there are. */
export function useFilterSuggestions(
  place: SearchPlace,
  words: string,
  filter: FilterText | null,
): readonly Suggestion[] {
  const { t } = useTranslation("search");
  const chips = useChips(place, filter);
  const text = useChipText();
  return useMemo(() => {
    if (filter) {
      return chips.slice(0, shown).map((chip) => ({ key: JSON.stringify(chip), chip, ...text(chip) }));
    }
    const typed = words.split(/\s+/).at(-1)?.toLowerCase() ?? "";
    return chipKinds
      .map((kind) => ({ key: kind, kind, label: `${t(`filter.${kind}`)}:`, hint: t(`hint.${kind}`) }))
      .filter(({ kind, label }) => typed === "" || label.startsWith(typed) || `${kind}:`.startsWith(typed));
  }, [filter, chips, text, words, t]);
}

const none: readonly Chip[] = [];

function useChips({ serverId, channelId }: SearchPlace, filter: FilterText | null): readonly Chip[] {
  const { t } = useTranslation("search");
  const client = useClient();
  const isPerson = filter?.kind === "from" || filter?.kind === "mentions";
  const people = usePeople(serverId, channelId);
  const [servers, channels, dms] = useStore(
    client.store,
    useShallow((state) => [state.servers, state.channels, state.dms] as const),
  );
  useFindMembers(serverId === null ? [] : [serverId], isPerson ? filter.value.replace(/^@/, "") : null);
  return useMemo(() => {
    if (!filter) return none;
    const { kind, value } = filter;
    const wanted = foldName(value.replace(/^[@#]/, ""));
    const matches = (name: string) => foldName(name).includes(wanted);
    switch (kind) {
      case "from":
      case "mentions":
        return matchMembers(Object.values(people ?? {}), value.replace(/^@/, ""), shown).map(
          ({ id, display_name: name }): Chip => ({ kind, userId: id, name }),
        );
      case "in":
        return (serverId === null ? dmIds({ dms }) : (servers[serverId]?.channelIds ?? []))
          .filter((id) => serverId === null || channels[id]?.type === "text")
          .filter((id) => matches(channelName(client.store.getState(), id)))
          .map((id): Chip => ({ kind, channelId: id }));
      case "server":
        return [
          ...(matches(t("everywhere")) ? [{ kind, serverId: null } as const] : []),
          ...Object.values(servers)
            .filter(({ name }) => matches(name))
            .map(({ id }): Chip => ({ kind, serverId: id })),
        ];
      case "has":
        return kinds
          .filter((one) => matches(t(`has.${one}`)) || one.startsWith(wanted))
          .map((one): Chip => ({ kind, value: one }));
      case "pinned":
        return matches(t("yes")) || "yes".startsWith(wanted) ? [{ kind }] : none;
      default:
        return daysFor(value).map((day): Chip => ({ kind, day }));
    }
  }, [client, filter, people, servers, channels, dms, serverId, t]);
}

/** The day that was typed, else some recent ones. */
function daysFor(value: string): string[] {
  const day = parseDay(value);
  if (day !== null) return [day];
  if (value !== "") return [];
  return [0, 1, 7, 30].map((ago) => dayOf(new Date(Date.now() - ago * dayMs)));
}
