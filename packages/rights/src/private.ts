import { bitsOf, type AccessFacts } from "./permissions.ts";

const reading = bitsOf("viewChannel", "readMessageHistory");
const writing = bitsOf(
  "viewChannel",
  "readMessageHistory",
  "sendMessages",
  "addReactions",
  "attachFiles",
  "sendVoiceMessages",
  "sendPolls",
  "embedLinks",
  "connect",
  "speak",
  "stream",
  "useExternalEmojis",
  "useExternalStickers",
  "useSoundboard",
  "useExternalSounds",
);

/**
 * What a user may do in a private channel: its people read it, and write and call while the others accept it. Nobody manages it;
 * administrators of the instance are nobody there.
 */
export function privateAccess(user: { userId: number; isRecipient: boolean; mayWrite: boolean }): AccessFacts {
  const { userId, isRecipient, mayWrite } = user;
  const permissions = mayWrite ? writing : reading;
  return { userId, ownerId: 0, isMember: isRecipient, isAdmin: false, permissions: isRecipient ? permissions : 0 };
}
