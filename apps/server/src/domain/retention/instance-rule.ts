import type { Retention } from "@miscord/protocol";
import { storedSettings } from "../../store/queries/instance.ts";
import type { DomainContext } from "../context.ts";

/** What holds in the whole instance now, read anew: the process that removes may serve no clients. */
export async function instanceRule({
  store,
  settings,
}: Pick<DomainContext, "store"> & { settings: Pick<DomainContext["settings"], "retention"> }): Promise<Retention> {
  const stored = await storedSettings(store.db);
  const valueOf = (name: keyof Retention) =>
    (JSON.parse(stored.get(name) ?? "null") as number | null) ?? settings.retention[name];
  return { message_days: valueOf("message_days"), file_days: valueOf("file_days"), file_mb: valueOf("file_mb") };
}
