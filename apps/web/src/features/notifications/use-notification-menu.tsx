import { inheritedNotifications, ownSetting } from "@miscord/client";
import { mutedForever, type NotificationLevelBody, type NotificationScope } from "@miscord/protocol";
import { AtSign, Bell, BellOff, BellRing, Clock, Infinity as Forever, Moon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import type { MenuEntry } from "../../ui/menu-item.ts";
import { muteEnd, type MuteLength } from "./mute-end.ts";
import { useMuteText } from "./use-mute-text.ts";

export const levels = ["all", "mentions", "nothing"] as const;
const lengths = ["hour", "tomorrow", "forever"] as const satisfies readonly MuteLength[];
const levelIcons = { all: BellRing, mentions: AtSign, nothing: BellOff };
const lengthIcons = { hour: Clock, tomorrow: Moon, forever: Forever };

/** Sets what the user is notified of in the scope; a refusal is shown as a toast. */
export function useSetNotifications(scope: NotificationScope): (change: NotificationLevelBody) => void {
  const client = useClient();
  const { run } = useAction();
  return (change) => void run(() => client.setNotificationLevel(scope, change));
}

/** For how long to mute the scope, or to end its own mute. */
export function useMuteEntry(scope: NotificationScope): MenuEntry {
  const { t } = useTranslation("notifications");
  const set = useSetNotifications(scope);
  const muteText = useMuteText();
  const mute = useClientState((state) => muteText(ownSetting(state, scope)));
  if (mute !== null) {
    return { label: t("mute.end"), icon: <Bell size={16} />, hint: mute, onSelect: () => set({ muted_until: null }) };
  }
  return {
    label: t("mute.open"),
    icon: <BellOff size={16} />,
    items: lengths.map((length) => {
      const Icon = lengthIcons[length];
      const onSelect = () => set({ muted_until: muteEnd(length, new Date()) ?? mutedForever });
      return { label: t(`mute.${length}`), icon: <Icon size={16} />, onSelect };
    }),
  };
}

/** The entries of a channel's or a server's menu about its notifications. */
export function useNotificationMenu(scope: NotificationScope): readonly MenuEntry[] {
  const { t } = useTranslation("notifications");
  const set = useSetNotifications(scope);
  const mute = useMuteEntry(scope);
  const level = useClientState((state) => ownSetting(state, scope)?.level ?? null);
  const inheritedLevel = useClientState((state) => inheritedNotifications(state, scope, 0).level);
  const isSuppressed = useClientState((state) => {
    const inherited = inheritedNotifications(state, scope, 0).suppressesEveryone;
    return ownSetting(state, scope)?.suppress_everyone ?? inherited;
  });
  const areRolesSuppressed = useClientState((state) => {
    const inherited = inheritedNotifications(state, scope, 0).suppressesRoles;
    return ownSetting(state, scope)?.suppress_roles ?? inherited;
  });
  return [
    mute,
    {
      label: t("level.title"),
      icon: <BellRing size={16} />,
      items: [
        {
          label: t("level.inherited"),
          hint: t(`level.${inheritedLevel}`),
          icon: <Bell size={16} />,
          checked: level === null,
          onSelect: () => set({ level: null }),
        },
        ...levels.map((one) => {
          const Icon = levelIcons[one];
          const onSelect = () => set({ level: one });
          return { label: t(`level.${one}`), icon: <Icon size={16} />, checked: level === one, onSelect };
        }),
        "separator",
        {
          label: t("level.suppress"),
          checked: isSuppressed,
          isToggle: true,
          onSelect: () => set({ suppress_everyone: !isSuppressed }),
        },
        {
          label: t("level.suppressRoles"),
          checked: areRolesSuppressed,
          isToggle: true,
          onSelect: () => set({ suppress_roles: !areRolesSuppressed }),
        },
      ],
    },
  ];
}
