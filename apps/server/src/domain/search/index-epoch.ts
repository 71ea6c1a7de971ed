import type { Store } from "../../store/contract.ts";

/**
 * Of which data the index must be. SQLite's index is a file of its own, which a backup does not have; in PostgreSQL it is
 * restored, and fails over, together with the messages.
 */
export function indexEpochOf({ dialect, epoch }: Pick<Store, "dialect" | "epoch">): string {
  return dialect === "sqlite" ? epoch : "same database";
}
