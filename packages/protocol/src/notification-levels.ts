import type { NotificationKind, NotificationLevel, NotificationSetting } from "./model.ts";
import type { PushKind } from "./push.ts";

/** What a setting is for. A channel inherits from its server, a server from the account. */
export type NotificationScope = { kind: "account" } | { kind: ScopeKind; id: number };
type ScopeKind = (typeof scopeKinds)[number];

const scopeKinds = ["server", "channel"] as const;

/** A mute without an end. */
export const mutedForever = "9999-12-31T23:59:59.999Z";

/** Nothing of its own: everything is inherited. */
export const inheritedSetting: NotificationSetting = {
  level: null,
  muted_until: null,
  suppress_everyone: null,
  suppress_roles: null,
};

/** `account`, `server:ID` or `channel:ID`; null for anything else. */
export function parseScope(text: string): NotificationScope | null {
  if (text === "account") return { kind: "account" };
  const [kind, digits = ""] = text.split(":");
  const known = scopeKinds.find((one) => one === kind);
  const id = Number(digits);
  const isId = /^[1-9]\d{0,15}$/.test(digits) && Number.isSafeInteger(id);
  return known && isId && text === `${known}:${digits}` ? { kind: known, id } : null;
}

export function scopeText(scope: NotificationScope): string {
  return scope.kind === "account" ? scope.kind : `${scope.kind}:${scope.id}`;
}

/** What holds in a scope once inheritance is resolved. */
export interface EffectiveNotifications {
  level: NotificationLevel;
  isMuted: boolean;
  suppressesEveryone: boolean;
  suppressesRoles: boolean;
  /** Muted, or at level `nothing`: no notification is unread, shown or heard. */
  isSilenced: boolean;
}

/**
 * Resolves inheritance. `settings`: those of the scopes from the widest, the account, to the narrowest; absent ones have
 * nothing of their own. Of level and what is suppressed the narrowest that is set holds; a mute holds for all that is
 * inside of its scope. `now` in milliseconds since the epoch.
 */
export function resolveNotifications(
  settings: readonly (NotificationSetting | null | undefined)[],
  now: number,
): EffectiveNotifications {
  const level = settings.reduce<NotificationLevel>((wider, one) => one?.level ?? wider, "mentions");
  const isMuted = settings.some((one) => isMutedNow(one, now));
  const suppressesEveryone = settings.reduce((wider, one) => one?.suppress_everyone ?? wider, false);
  const suppressesRoles = settings.reduce((wider, one) => one?.suppress_roles ?? wider, false);
  return { level, isMuted, suppressesEveryone, suppressesRoles, isSilenced: isMuted || level === "nothing" };
}

/** Whether this setting itself mutes. */
export function isMutedNow(setting: NotificationSetting | null | undefined, now: number): boolean {
  return setting?.muted_until != null && Date.parse(setting.muted_until) > now;
}

/** Whether nothing is set: such a setting is left out of states. */
export function isInherited(setting: NotificationSetting): boolean {
  const { level, muted_until, suppress_everyone, suppress_roles } = setting;
  return level === null && muted_until === null && suppress_everyone === null && suppress_roles === null;
}

/** As which kind, of those that people choose for a device, a notification counts; null: every device gets it. */
export function pushKindOf(kind: NotificationKind): PushKind | null {
  if (kind === "report_acted" || kind === "report_dismissed") return null;
  if (kind === "here") return "everyone";
  return kind === "role" ? "mention" : kind;
}
