import { completeFormerBaseRoles } from "../../store/queries/former-base-roles.ts";
import type { DomainContext } from "../context.ts";
import { publish } from "../publish.ts";
import { announceRights } from "./rights-changes.ts";

/** Longer than nodes of two versions run side by side. */
const upgradeMs = 7 * 86_400_000;

/**
 * Gives new servers what a node of the version before did not know of: the migration gave it to those that were there. Goes with the
 * version after this one, beside which no such node runs.
 */
export async function completeFormerServers(
  context: Pick<DomainContext, "store" | "bus" | "clock" | "settings">,
): Promise<void> {
  const { store, clock, settings } = context;
  const since = clock.now() - Math.min(upgradeMs, settings.auditLogMs);
  for (const role of await completeFormerBaseRoles(store.db, since)) {
    const { server_id } = role;
    publish(context, `server:${server_id}`, { type: "role_updated", server_id, role });
    publish(context, `server:${server_id}`, { type: "permissions_changed", server_id });
    announceRights(context, server_id, { hidden: [], opened: [] });
  }
}
