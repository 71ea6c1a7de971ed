import type { Role } from "@miscord/protocol";
import { everydayPermissions, permissionBits } from "@miscord/rights";
import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";
import { rolesOfServers } from "./roles.ts";

/** What the base role of a new server gave before `SEND_POLLS` counted. */
const former = everydayPermissions - permissionBits.sendPolls;

/**
 * Lets everybody send polls in servers created since that a node of the version before has made: their base role is as that version
 * made it, and the audit log, which has to reach back as far, knows no change of it. Returns the changed roles.
 */
export async function completeFormerBaseRoles(db: Kysely<Tables>, since: number): Promise<Role[]> {
  const changed = await db
    .updateTable("roles")
    .set({ permissions: everydayPermissions })
    .where("permissions", "=", former)
    .where("id", "in", (query) =>
      query.selectFrom("servers").where("created_at", ">", since).select("everyone_role_id"),
    )
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom("audit_log")
            .whereRef("audit_log.server_id", "=", "roles.server_id")
            .whereRef("audit_log.role_id", "=", "roles.id")
            .select("audit_log.id"),
        ),
      ),
    )
    .returning(["id", "server_id"])
    .execute();
  const ids = new Set(changed.map(({ id }) => id));
  const roles = await rolesOfServers(
    db,
    changed.map((row) => row.server_id),
  );
  return roles.filter(({ id }) => ids.has(id));
}
