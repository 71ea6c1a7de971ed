import { can, isOwner, type AccessFacts, type Permission } from "./permissions.ts";

/**
 * The answer to a command: `forbidden` when the user may know of the thing and not do this with it, `hidden` when it
 * must look as if it did not exist.
 */
export type Verdict = "allowed" | "forbidden" | "hidden";

/** For a command on the server or channel itself. */
export function check(facts: AccessFacts, permission: Permission): Verdict {
  return verdict(can(facts, permission), facts.isMember);
}

/** Only authors edit their messages, and only while they can read the channel. */
export function checkEditMessage(facts: AccessFacts, authorId: number): Verdict {
  if (!can(facts, "viewChannel")) return "hidden";
  return verdict(authorId === facts.userId, true);
}

/** For the author as long as they can read the channel, and for those who manage messages. */
export function checkDeleteMessage(facts: AccessFacts, authorId: number): Verdict {
  if (!knowsServer(facts)) return "hidden";
  return verdict(authorId === facts.userId || can(facts, "manageMessages"), true);
}

/** For the member who created the invite, and for those who manage the server. */
export function checkRevokeInvite(facts: AccessFacts, creatorId: number): Verdict {
  if (!knowsServer(facts)) return "hidden";
  return verdict(creatorId === facts.userId || can(facts, "manageServer"), true);
}

/** Kicking or banning. Nobody removes the owner, and nobody themselves: members leave instead. */
export function checkRemoveMember(
  facts: AccessFacts,
  permission: "kickMembers" | "banMembers",
  targetId: number,
): Verdict {
  const removable = targetId !== facts.ownerId && targetId !== facts.userId;
  return verdict(removable && can(facts, permission), facts.isMember || can(facts, permission));
}

/** Every member but the owner: nobody could run a server without one. */
export function canLeave(facts: AccessFacts): boolean {
  return facts.isMember && !isOwner(facts);
}

function knowsServer(facts: AccessFacts): boolean {
  return facts.isMember || facts.isAdmin;
}

function verdict(isAllowed: boolean, isVisible: boolean): Verdict {
  if (isAllowed) return "allowed";
  return isVisible ? "forbidden" : "hidden";
}
