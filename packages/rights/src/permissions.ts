import { includes, union } from "./bits.ts";

/** Discord's permissions at Discord's bits, so that bots and imports map one to one. The sum stays below 2^53. */
export const permissionBits = {
  createInstantInvite: 2 ** 0,
  kickMembers: 2 ** 1,
  banMembers: 2 ** 2,
  administrator: 2 ** 3,
  manageChannels: 2 ** 4,
  manageGuild: 2 ** 5,
  addReactions: 2 ** 6,
  viewAuditLog: 2 ** 7,
  prioritySpeaker: 2 ** 8,
  stream: 2 ** 9,
  viewChannel: 2 ** 10,
  sendMessages: 2 ** 11,
  sendTtsMessages: 2 ** 12,
  manageMessages: 2 ** 13,
  embedLinks: 2 ** 14,
  attachFiles: 2 ** 15,
  readMessageHistory: 2 ** 16,
  mentionEveryone: 2 ** 17,
  useExternalEmojis: 2 ** 18,
  viewGuildInsights: 2 ** 19,
  connect: 2 ** 20,
  speak: 2 ** 21,
  muteMembers: 2 ** 22,
  deafenMembers: 2 ** 23,
  moveMembers: 2 ** 24,
  useVad: 2 ** 25,
  changeNickname: 2 ** 26,
  manageNicknames: 2 ** 27,
  manageRoles: 2 ** 28,
  manageWebhooks: 2 ** 29,
  manageGuildExpressions: 2 ** 30,
  useApplicationCommands: 2 ** 31,
  requestToSpeak: 2 ** 32,
  manageEvents: 2 ** 33,
  manageThreads: 2 ** 34,
  createPublicThreads: 2 ** 35,
  createPrivateThreads: 2 ** 36,
  useExternalStickers: 2 ** 37,
  sendMessagesInThreads: 2 ** 38,
  useEmbeddedActivities: 2 ** 39,
  moderateMembers: 2 ** 40,
  viewCreatorMonetizationAnalytics: 2 ** 41,
  useSoundboard: 2 ** 42,
  createGuildExpressions: 2 ** 43,
  createEvents: 2 ** 44,
  useExternalSounds: 2 ** 45,
  sendVoiceMessages: 2 ** 46,
  sendPolls: 2 ** 49,
  useExternalApps: 2 ** 50,
  pinMessages: 2 ** 51,
  bypassSlowmode: 2 ** 52,
} as const;

export type PermissionName = keyof typeof permissionBits;

/** Every bit, also those without a name yet: what the owner and administrators of a server have. */
export const allPermissions = 2 ** 53 - 1;

/** What a set of names is as bits. */
export function bitsOf(...names: readonly PermissionName[]): number {
  return union(...names.map((name) => permissionBits[name]));
}

/** What the base role of a new server gives: the everyday permissions. */
export const everydayPermissions = /* @__PURE__ */ bitsOf(
  "createInstantInvite",
  "addReactions",
  "stream",
  "viewChannel",
  "sendMessages",
  "embedLinks",
  "attachFiles",
  "readMessageHistory",
  "connect",
  "speak",
  "useVad",
  "changeNickname",
  "createPublicThreads",
  "sendMessagesInThreads",
  "sendVoiceMessages",
  "sendPolls",
  "useExternalEmojis",
  "useExternalStickers",
  "useSoundboard",
  "useExternalSounds",
);

/**
 * Permissions over others. Where a server requires a second factor they count only for members who have one, and no
 * onboarding gives a role that has any of them.
 */
export const moderatingPermissions = bitsOf(
  "kickMembers",
  "banMembers",
  "administrator",
  "manageChannels",
  "manageGuild",
  "viewAuditLog",
  "manageMessages",
  "muteMembers",
  "deafenMembers",
  "moveMembers",
  "manageNicknames",
  "manageRoles",
  "manageWebhooks",
  "manageGuildExpressions",
  "manageEvents",
  "manageThreads",
  "moderateMembers",
);

/** What a time out leaves to a member. */
export const timedOutPermissions = bitsOf("viewChannel", "readMessageHistory");

/** What administrators of the instance have in every server, also in those of which they are no members. */
const instancePermissions = bitsOf(
  "manageGuild",
  "manageChannels",
  "manageMessages",
  "kickMembers",
  "banMembers",
  "moderateMembers",
  "mentionEveryone",
);

/** Everything the policy needs to know about one user in one server or channel. */
export interface AccessFacts {
  readonly userId: number;
  /** The user who owns the server. */
  readonly ownerId: number;
  readonly isMember: boolean;
  /** Administrator of the whole instance; need not be a member. */
  readonly isAdmin: boolean;
  /** What the member's roles give in the server, or with the overrides in the channel; see `resolve.ts`. */
  readonly permissions: number;
}

/** `viewServer` has no bit: it is membership itself. */
export type Permission = PermissionName | "viewServer";

/**
 * Whether the user has the permission. An administrator of the instance who is not a member manages a server without
 * reading its channels.
 */
export function can(facts: AccessFacts, permission: Permission): boolean {
  if (permission === "viewServer") return facts.isMember;
  const bit = permissionBits[permission];
  return (facts.isMember && includes(facts.permissions, bit)) || (facts.isAdmin && includes(instancePermissions, bit));
}

export function isOwner(facts: Pick<AccessFacts, "userId" | "ownerId">): boolean {
  return facts.userId === facts.ownerId;
}
