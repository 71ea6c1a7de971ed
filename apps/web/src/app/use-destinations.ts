import type { Locale, ProfileBody, Theme } from "@miscord/protocol";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient, useClientState, useMe } from "../core/client.ts";
import { useFindMembers } from "../core/find-members.ts";
import { openDialog, settingsTabs } from "../core/dialog-store.ts";
import { paths } from "../core/paths.ts";
import { useRouteIds } from "../core/route-ids.ts";
import { applyTheme } from "../core/theme.ts";
import { useAction } from "../core/use-action.ts";
import { useCan } from "../core/use-can.ts";
import { openInstances } from "../features/instances/open-instances.ts";
import { toggleDeafen, toggleMute } from "../features/voice/voice-actions.ts";
import { useCall } from "../features/voice/use-call.ts";
import { changeLocale, languageNames, locales } from "../i18n/index.ts";
import { type Destination, peopleOf, placesOf } from "./destinations.ts";

/** Each is a request for what is typed. */
const serversAsked = 10;

/** All that the quick switcher can find: places, people, settings and commands. */
export function useDestinations(query: string): readonly Destination[] {
  const { serverId } = useRouteIds();
  const client = useClient();
  const places = useMemo(() => placesOf(client.store.getState()), [client]);
  const serverIds = useClientState((state) => state.serverIds);
  const asked = [...(serverId === null ? [] : [serverId]), ...serverIds.filter((id) => id !== serverId)];
  useFindMembers(asked.slice(0, serversAsked), query.trim() || null);
  const members = useClientState((state) => state.members);
  const people = useMemo(() => peopleOf({ serverIds, members }, serverId), [serverIds, members, serverId]);
  const commands = [...useCommands(serverId), ...useSettings(), ...useChoices()];
  // Without a query the switcher offers places only: they are what it is opened for most.
  return query.trim() === "" ? places : [...places, ...people, ...commands];
}

function command(name: string, detail: string, run: () => void, aliases: readonly string[] = []): Destination {
  return { key: `command ${detail} ${name}`, kind: "command", name, detail, run, aliases };
}

function useCommands(serverId: number | null): readonly Destination[] {
  const { t } = useTranslation(["common", "people", "servers", "voice", "settings", "instances"]);
  const [, navigate] = useLocation();
  const client = useClient();
  const { run } = useAction();
  const me = useMe();
  const canManage = useCan(serverId ?? 0, "manageGuild");
  const hasDiscovery = useClientState(({ instance }) => instance?.discovery === "on");
  const canAddChannels = useCan(serverId ?? 0, "manageChannels");
  const { isMuted, isDeafened } = useCall((call) => call);
  const detail = t("switcher.command");
  const open = (name: string, dialog: Parameters<typeof openDialog>[0]) =>
    command(name, detail, () => openDialog(dialog));
  return [
    command(t(isMuted ? "voice:panel.unmute" : "voice:panel.mute"), detail, toggleMute),
    command(t(isDeafened ? "voice:panel.undeafen" : "voice:panel.deafen"), detail, toggleDeafen),
    ...(serverId !== null && canAddChannels
      ? [
          open(t("servers:channels.create"), { kind: "create-channel", serverId }),
          open(t("servers:channels.createVoice"), { kind: "create-channel", serverId, type: "voice" }),
          open(t("servers:channels.createCategory"), { kind: "create-channel", serverId, type: "category" }),
        ]
      : []),
    ...(serverId !== null && canManage
      ? [open(t("servers:settings.open"), { kind: "server-settings", serverId })]
      : []),
    ...(serverId === null ? [] : [open(t("servers:invite.open"), { kind: "invite", serverId })]),
    open(t("servers:add.open"), { kind: "add-server" }),
    ...(hasDiscovery ? [command(t("servers:discover.open"), detail, () => navigate(paths.discover))] : []),
    command(t("people:title"), detail, () => navigate(paths.dms), [t("people:friends.title")]),
    command(t("settings:logout"), detail, () => void run(() => client.logout())),
    command(t("instances:open"), detail, openInstances),
    open(t("shortcuts.title"), { kind: "shortcuts" }),
    ...(me.is_admin
      ? [
          command(t("settings:monitor"), detail, () => navigate(paths.monitor)),
          command(t("settings:instance"), detail, () => navigate(paths.instance)),
        ]
      : []),
  ];
}

function useSettings(): readonly Destination[] {
  const { t } = useTranslation("settings");
  return settingsTabs.map((tab) =>
    command(t(`tab.${tab}`), t("title"), () => openDialog({ kind: "settings", tab }), [
      t("title"),
      ...(tab === "account" ? [t("password.title")] : []),
    ]),
  );
}

/** Themes and languages, chosen at once and saved in the profile. */
function useChoices(): readonly Destination[] {
  const { t } = useTranslation("settings");
  const client = useClient();
  const { run } = useAction();
  const save = (change: ProfileBody) =>
    void run(async () => {
      await client.rest.updateProfile(change);
      await client.reloadMe();
    });
  const chooseTheme = (theme: Theme) => {
    applyTheme(theme);
    save({ theme });
  };
  const chooseLocale = (locale: Locale) => {
    void changeLocale(locale, { remember: true });
    save({ locale });
  };
  const themes = (["dark", "light", "system"] as const).map((theme) =>
    command(t(`theme.${theme}`), t("theme.title"), () => chooseTheme(theme), [t("theme.title")]),
  );
  const languages = locales.map((locale) =>
    command(languageNames[locale], t("language.title"), () => chooseLocale(locale), [t("language.title")]),
  );
  return [...themes, ...languages];
}
