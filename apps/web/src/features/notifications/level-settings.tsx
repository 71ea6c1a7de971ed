import { followedThreads, ownSetting, type ClientState } from "@miscord/client";
import {
  inheritedSetting,
  isInherited,
  isMutedNow,
  parseScope,
  scopeText,
  type NotificationScope,
} from "@miscord/protocol";
import { BellOff, RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/react/shallow";
import { useClientState } from "../../core/client.ts";
import { channelName } from "../../core/people.ts";
import { PanelSection } from "../../layout/panel-section.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Select } from "../../ui/select.tsx";
import { Switch } from "../../ui/switch.tsx";
import { levels, useMuteEntry, useSetNotifications } from "./use-notification-menu.tsx";
import { useMuteText } from "./use-mute-text.ts";

const account = { kind: "account" } as const;

/** What the user is notified of everywhere, and the servers and channels that differ. */
export function LevelSettings() {
  const { t } = useTranslation("notifications");
  const set = useSetNotifications(account);
  const setting = useClientState((state) => ownSetting(state, account));
  return (
    <>
      <PanelSection title={t("level.everywhere")} hint={t("level.everywhereHint")}>
        <div className="flex flex-col gap-4">
          <Field label={t("level.title")}>
            <Select
              value={setting?.level ?? "mentions"}
              onChange={(level) => set({ level })}
              options={levels.map((level) => ({ value: level, label: t(`level.${level}`) }))}
            />
          </Field>
          <Switch
            label={t("level.suppress")}
            hint={t("level.suppressHint")}
            checked={setting?.suppress_everyone ?? false}
            onChange={(suppress_everyone) => set({ suppress_everyone })}
          />
          <Switch
            label={t("level.suppressRoles")}
            hint={t("level.suppressRolesHint")}
            checked={setting?.suppress_roles ?? false}
            onChange={(suppress_roles) => set({ suppress_roles })}
          />
          <MuteAll />
        </div>
      </PanelSection>
      <Exceptions />
    </>
  );
}

function MuteAll() {
  const { t } = useTranslation("notifications");
  const entry = useMuteEntry(account);
  const muteText = useMuteText();
  const mute = useClientState((state) => muteText(ownSetting(state, account)));
  const set = useSetNotifications(account);
  const items = entry && typeof entry === "object" && "items" in entry ? entry.items : [];
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <div className="min-w-0">
        <p className="text-base font-medium">{t("mute.all")}</p>
        <p className="text-sm text-faint">{mute ?? t("mute.allHint")}</p>
      </div>
      {mute === null ? (
        <Menu
          align="end"
          entries={items}
          trigger={<Button icon={<BellOff size={16} aria-hidden />}>{t("mute.open")}</Button>}
        />
      ) : (
        <Button onClick={() => set({ muted_until: null })}>{t("mute.end")}</Button>
      )}
    </div>
  );
}

/** The scopes with settings of their own, as texts: servers in their order, each before its channels. */
function exceptionsOf(state: ClientState): string[] {
  const scopes = state.serverIds.flatMap((serverId): NotificationScope[] => {
    const channelIds = state.servers[serverId]?.channelIds ?? [];
    return [
      { kind: "server", id: serverId },
      ...channelIds
        .flatMap((id) => [id, ...followedThreads(state, id)])
        .map((id) => ({ kind: "channel" as const, id })),
    ];
  });
  const isException = (scope: NotificationScope) => {
    const setting = ownSetting(state, scope);
    // A mute that has ended is not shown.
    return setting && !isInherited({ ...setting, muted_until: isMutedNow(setting, Date.now()) ? "" : null });
  };
  return scopes.filter(isException).map(scopeText);
}

function Exceptions() {
  const { t } = useTranslation("notifications");
  const scopes = useClientState(useShallow(exceptionsOf));
  return (
    <PanelSection title={t("level.exceptions")} hint={t("level.exceptionsHint")}>
      {scopes.length === 0 ? (
        <p className="text-sm text-faint">{t("level.noExceptions")}</p>
      ) : (
        <ul className="flex flex-col divide-y divide-line rounded-md border border-line">
          {scopes.map((scope) => (
            <Exception key={scope} scope={parseScope(scope)!} />
          ))}
        </ul>
      )}
    </PanelSection>
  );
}

function Exception({ scope }: { scope: NotificationScope }) {
  const { t } = useTranslation("notifications");
  const set = useSetNotifications(scope);
  const muteText = useMuteText();
  const name = useClientState((state) => nameOf(state, scope));
  const setting = useClientState((state) => ownSetting(state, scope));
  const facts = [
    muteText(setting),
    setting?.level ? t(`level.${setting.level}`) : null,
    setting?.suppress_everyone === true ? t("level.suppressed") : null,
    setting?.suppress_everyone === false ? t("level.unsuppressed") : null,
    setting?.suppress_roles === true ? t("level.rolesSuppressed") : null,
    setting?.suppress_roles === false ? t("level.rolesUnsuppressed") : null,
  ];
  return (
    <li className="flex items-center gap-3 py-1.5 pr-1.5 pl-3">
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block truncate text-sm font-medium">
          {name}
        </span>
        <span className="block text-xs text-muted">{facts.filter(Boolean).join(" · ")}</span>
      </span>
      <IconButton
        size="sm"
        label={t("level.reset", { name })}
        icon={<RotateCcw size={16} />}
        tooltipSide="left"
        onClick={() => set(inheritedSetting)}
      />
    </li>
  );
}

function nameOf(state: ClientState, scope: NotificationScope): string {
  const { servers, channels } = state;
  if (scope.kind === "account") return "";
  if (scope.kind === "server") return servers[scope.id]?.name ?? "";
  const channel = channels[scope.id];
  return channel ? `${channelName(state, scope.id)} · ${servers[channel.server_id ?? 0]?.name ?? ""}` : "";
}
