import type { ChannelType } from "@miscord/protocol";
import type { PermissionName } from "@miscord/rights";

/** Permissions that this version enforces, in the order of the editors. Bits of others are kept as they are. */
export const serverPermissionNames = [
  "viewChannel",
  "sendMessages",
  "attachFiles",
  "sendVoiceMessages",
  "sendPolls",
  "addReactions",
  "useExternalEmojis",
  "useExternalStickers",
  "connect",
  "speak",
  "useSoundboard",
  "useExternalSounds",
  "createInstantInvite",
  "mentionEveryone",
  "manageMessages",
  "pinMessages",
  "createPublicThreads",
  "sendMessagesInThreads",
  "manageThreads",
  "manageChannels",
  "manageWebhooks",
  "manageGuildExpressions",
  "manageRoles",
  "manageGuild",
  "changeNickname",
  "manageNicknames",
  "kickMembers",
  "banMembers",
  "moderateMembers",
  "muteMembers",
  "deafenMembers",
  "moveMembers",
  "viewAuditLog",
  "administrator",
] as const satisfies readonly PermissionName[];

export type ShownPermission = (typeof serverPermissionNames)[number];

const textOnly: readonly ShownPermission[] = [
  "sendMessages",
  "attachFiles",
  "sendVoiceMessages",
  "sendPolls",
  "addReactions",
  "useExternalEmojis",
  "useExternalStickers",
  "mentionEveryone",
  "manageMessages",
  "pinMessages",
  "createPublicThreads",
  "sendMessagesInThreads",
  "manageThreads",
  "manageWebhooks",
];

const callsOnly: readonly ShownPermission[] = [
  "connect",
  "speak",
  "useSoundboard",
  "useExternalSounds",
  "muteMembers",
  "deafenMembers",
  "moveMembers",
];

/** Those that a channel of the type can change. A category passes on what any channel in it can. */
export function channelPermissionNames(type: ChannelType): readonly ShownPermission[] {
  const ofAll: readonly ShownPermission[] = ["viewChannel", "manageChannels", "manageRoles"];
  return serverPermissionNames.filter(
    (name) =>
      ofAll.includes(name) ||
      (type !== "voice" && type !== "stage" && textOnly.includes(name)) ||
      (type !== "text" && type !== "forum" && callsOnly.includes(name)),
  );
}
