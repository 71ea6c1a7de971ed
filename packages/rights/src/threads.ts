import { includes, union, without } from "./bits.ts";
import { permissionBits } from "./permissions.ts";

/**
 * The permissions in a thread, from those in its parent: `sendMessagesInThreads` there is `sendMessages` here, and a locked
 * thread is written in by those who manage threads only.
 */
export function threadPermissions(inParent: number, isLocked: boolean): number {
  const { sendMessages, sendMessagesInThreads, manageThreads } = permissionBits;
  const mayWrite = includes(inParent, sendMessagesInThreads) && (!isLocked || includes(inParent, manageThreads));
  return mayWrite ? union(inParent, sendMessages) : without(inParent, sendMessages);
}
