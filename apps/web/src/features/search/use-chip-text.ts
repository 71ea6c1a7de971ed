import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { channelName } from "../../core/people.ts";
import { useFormat } from "../../i18n/format.ts";
import type { Chip } from "./chip.ts";

/** The value of a filter as text, with what tells it from others of that name. */
export function useChipText(): (chip: Chip) => { label: string; hint: string } {
  const { t } = useTranslation("search");
  const client = useClient();
  const format = useFormat();
  return useCallback(
    (chip) => {
      const state = client.store.getState();
      const { servers, members } = state;
      switch (chip.kind) {
        case "from":
        case "mentions": {
          const member = Object.values(members).flatMap((people) => people[chip.userId] ?? [])[0];
          return { label: chip.name, hint: member ? `@${member.username}` : "" };
        }
        case "in":
          return { label: channelName(state, chip.channelId), hint: "" };
        case "server":
          return { label: chip.serverId === null ? t("everywhere") : (servers[chip.serverId]?.name ?? "?"), hint: "" };
        case "has":
          return { label: t(`has.${chip.value}`), hint: "" };
        case "pinned":
          return { label: t("yes"), hint: "" };
        default: {
          const date = new Date(`${chip.day}T12:00`);
          return { label: format.date(date), hint: format.relative(date, new Date(`${dayNow()}T12:00`)) };
        }
      }
    },
    [client, format, t],
  );
}

function dayNow(): string {
  return new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
