import {
  isInherited,
  mutedForever,
  parseScope,
  resolveNotifications,
  type EffectiveNotifications,
  type MainEvent,
  type NotificationScope,
  type NotificationSetting,
} from "@miscord/protocol";
import type { ClientState } from "./types.ts";

type Levels = Pick<ClientState, "servers" | "channels" | "threads" | "inbox">;
type LevelUpdated = Extract<MainEvent, { type: "notification_level_updated" }>;

/** What the user set for the scope itself; undefined when everything is inherited, or the scope is unknown. */
export function ownSetting(state: Levels, scope: NotificationScope): NotificationSetting | undefined {
  switch (scope.kind) {
    case "account":
      return state.inbox.setting;
    case "server":
      return state.servers[scope.id]?.notifications;
    case "channel":
      return state.channels[scope.id]?.notifications;
  }
}

/** What holds in the scope. `now` in milliseconds since the epoch. */
export function effectiveNotifications(state: Levels, scope: NotificationScope, now: number): EffectiveNotifications {
  return resolveNotifications(
    chainOf(state, scope).map((one) => ownSetting(state, one)),
    now,
  );
}

/** What holds in the scope while it has no setting of its own. */
export function inheritedNotifications(state: Levels, scope: NotificationScope, now: number): EffectiveNotifications {
  const wider = chainOf(state, scope).slice(0, -1);
  return resolveNotifications(
    wider.map((one) => ownSetting(state, one)),
    now,
  );
}

/** From the account to the scope itself. */
function chainOf({ channels, threads }: Levels, scope: NotificationScope): NotificationScope[] {
  const account = { kind: "account" } as const;
  if (scope.kind === "account") return [account];
  if (scope.kind === "server") return [account, scope];
  const serverId = channels[scope.id]?.server_id;
  if (serverId === undefined || serverId === null) return [account, scope];
  const parentId = threads[scope.id]?.parent_id;
  const parent = parentId === undefined ? [] : [{ kind: "channel", id: parentId } as const];
  return [account, { kind: "server", id: serverId }, ...parent, scope];
}

/** Settings of servers and channels; that of the account is in the inbox. */
export function reduceNotificationLevel(state: ClientState, event: LevelUpdated): ClientState {
  const scope = parseScope(event.scope);
  if (scope?.kind === "server") {
    const server = state.servers[scope.id];
    return server ? { ...state, servers: { ...state.servers, [scope.id]: withSetting(server, event.setting) } } : state;
  }
  if (scope?.kind === "channel") {
    const channel = state.channels[scope.id];
    return channel
      ? { ...state, channels: { ...state.channels, [scope.id]: withSetting(channel, event.setting) } }
      : state;
  }
  return state;
}

function withSetting<Entry extends { notifications?: NotificationSetting | undefined }>(
  { notifications: _before, ...entry }: Entry,
  setting: NotificationSetting,
): Omit<Entry, "notifications"> & { notifications?: NotificationSetting } {
  return isInherited(setting) ? entry : { ...entry, notifications: setting };
}

/** When the next mute ends, in milliseconds since the epoch; infinity when none will. */
export function nextMuteEnd({ servers, channels, inbox }: Levels, now: number): number {
  const settings = [inbox.setting, ...[servers, channels].flatMap((all) => Object.values(all).map(settingOf))];
  const ends = settings.flatMap((setting) => {
    if (!setting?.muted_until || setting.muted_until === mutedForever) return [];
    const end = Date.parse(setting.muted_until);
    return end > now ? [end] : [];
  });
  return Math.min(...ends);
}

const settingOf = ({ notifications }: { notifications?: NotificationSetting | undefined }) => notifications;
