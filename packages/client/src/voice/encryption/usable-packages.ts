import type { KeyPackage } from "ts-mls";
import { CallGroup, createDeviceKey, createPackage, keysOf } from "./call-group.ts";

interface Coming {
  userId: number;
  found: KeyPackage;
}

/** Those who can be added to a group with these keys, and with whom it can be changed again. */
export async function usableOf(
  packages: readonly { userId: number; found: KeyPackage | null }[],
  taken: Set<string>,
): Promise<Coming[]> {
  const usable: Coming[] = [];
  for (const { userId, found } of packages) {
    if (!found) continue;
    const keys = keysOf(found.leafNode);
    if (keys.some((key) => taken.has(key)) || !(await isUsable(found))) continue;
    for (const key of keys) taken.add(key);
    usable.push({ userId, found });
  }
  return usable;
}

/**
 * Whether a group on trial goes on with the package: its maker chose the keys and what it says they can, and one that is wrong
 * would stop the present change for everybody, or all that follow.
 */
async function isUsable(found: KeyPackage): Promise<boolean> {
  try {
    const [own, other] = await Promise.all([trial(1), trial(2)]);
    const alone = await CallGroup.create("trial", own);
    const { next } = await alone.change([], [found]);
    const later = await next.change([], [other.publicPackage]);
    await CallGroup.join(later.welcome!, other);
    await later.next.change([], []);
    return true;
  } catch {
    return false;
  }
}

async function trial(userId: number) {
  return createPackage({ userId, session: "trial" }, await createDeviceKey());
}
