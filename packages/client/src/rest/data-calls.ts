import type {
  DataExport,
  DataInventory,
  Deletion,
  DeletionBody,
  ExportList,
  Me,
  OwnerBody,
  Server,
} from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls about what the instance keeps of the user, apart from `Rest` so that only their screen loads them. */
export function dataCalls({ call }: Pick<Rest, "call">) {
  return {
    describe: () => call<DataInventory>("GET", "/api/me/data"),
    /** The event `exports_changed` says that they are others than before. */
    exports: () => call<ExportList>("GET", "/api/me/exports"),
    requestExport: () => call<DataExport>("POST", "/api/me/exports"),
    /** Ends all sessions of the user, this one too. */
    requestDeletion: (body: DeletionBody) => call<Deletion>("POST", "/api/me/deletion", { body }),
    /** Makes another member the owner of the user's server. */
    handOver: (serverId: number, body: OwnerBody) => call<Server>("PUT", `/api/servers/${serverId}/owner`, { body }),
    keepAccount: () => call<Me>("DELETE", "/api/me/deletion"),
  };
}
