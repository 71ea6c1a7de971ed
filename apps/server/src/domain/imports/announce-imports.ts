import { adminIds } from "../../store/queries/reports.ts";
import type { DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

/** Tells all administrators that an import has another state. */
export async function announceImports(context: Pick<DomainContext, "store" | "bus">): Promise<void> {
  for (const userId of await adminIds(context.store.db)) {
    publish(context, `user:${userId}`, { type: "imports_changed" });
  }
}
