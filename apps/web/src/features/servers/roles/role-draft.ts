import type { Role } from "@miscord/protocol";
import { includes } from "@miscord/rights";
import { applyBits, type BitChanges, changeBit, noBitChanges } from "../../channels/permissions/bit-changes.ts";

type Looks = Pick<Role, "name" | "color" | "hoist">;

/** Unsaved changes of a role. */
export type RoleDraft = Partial<Looks> & { readonly permissions?: BitChanges };

export function withRoleDraft(saved: Role, { permissions = noBitChanges, ...looks }: RoleDraft): Role {
  return { ...saved, ...looks, permissions: applyBits(saved.permissions, permissions) };
}

/** The draft of the saved role in which this bit is on or off. A bit that is saved so is no change. */
export function withPermission(
  saved: Role,
  { permissions = noBitChanges }: RoleDraft,
  { bit, isOn }: { bit: number; isOn: boolean },
): RoleDraft {
  return { permissions: changeBit(permissions, bit, includes(saved.permissions, bit) === isOn ? null : isOn) };
}

/** The fields in which the draft differs from what is saved now. */
export function changesOf(saved: Role, draft: RoleDraft): Partial<Looks & Pick<Role, "permissions">> {
  const role = withRoleDraft(saved, draft);
  const keys = ["name", "color", "hoist", "permissions"] as const;
  return Object.fromEntries(keys.filter((key) => role[key] !== saved[key]).map((key) => [key, role[key]]));
}
