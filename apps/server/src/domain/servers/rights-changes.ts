import type { RightsChanged } from "../../bus/contract.ts";
import type { RestrictionChange } from "../../store/queries/roles.ts";
import type { DomainContext } from "../context.ts";
import { sendControl } from "../publish.ts";

/**
 * Makes every node compare what its connections see with what they may see now, after a transaction that changed
 * rights: `gateway/rights/rights-watch.ts`.
 */
export function announceRights(
  context: Pick<DomainContext, "bus">,
  serverId: number,
  { hidden, opened }: RestrictionChange,
  {
    userIds = null,
    overridden = [],
    updated = [],
  }: Partial<Pick<RightsChanged, "userIds" | "overridden" | "updated">> = {},
): void {
  sendControl(context, "rights", { type: "rights_changed", serverId, userIds, hidden, opened, overridden, updated });
}
