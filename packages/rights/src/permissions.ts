/** Everything the policy needs to know about one user in one server; for a channel, that of its server. */
export interface AccessFacts {
  readonly userId: number;
  /** The user who owns the server. */
  readonly ownerId: number;
  readonly isMember: boolean;
  /** Administrator of the whole instance; need not be a member. */
  readonly isAdmin: boolean;
}

/** Named after Discord's permission bits; only `viewServer` has none: it is membership itself. */
export type Permission = MemberPermission | ManagePermission;

const memberPermissions = ["viewServer", "viewChannel", "sendMessages", "addReactions", "createInvite"] as const;
const managePermissions = [
  "manageServer",
  "manageChannels",
  "manageMessages",
  "kickMembers",
  "banMembers",
  "mentionEveryone",
] as const;

type MemberPermission = (typeof memberPermissions)[number];
type ManagePermission = (typeof managePermissions)[number];

export const permissions: readonly Permission[] = [...memberPermissions, ...managePermissions];

const everyMemberHas: ReadonlySet<Permission> = new Set(memberPermissions);

/**
 * Whether the user has the permission. Members have the everyday ones; the owner and administrators of the instance
 * have those that manage. An administrator who is not a member manages a server without reading its channels.
 */
export function can(facts: AccessFacts, permission: Permission): boolean {
  return everyMemberHas.has(permission) ? facts.isMember : isOwner(facts) || facts.isAdmin;
}

export function isOwner(facts: Pick<AccessFacts, "userId" | "ownerId">): boolean {
  return facts.userId === facts.ownerId;
}
