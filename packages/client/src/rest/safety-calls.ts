import type {
  AuditLog,
  AuditQuery,
  Ban,
  BulkBanAnswer,
  BulkBanBody,
  Channel,
  RaidModeBody,
  Retention,
  Server,
  Verification,
} from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls of those who look after a server, apart from `Rest` so that only their screens load them. Each rejects with `ApiError`. */
export function safetyCalls({ call }: Pick<Rest, "call">) {
  const path = (serverId: number) => `/api/servers/${serverId}`;
  return {
    auditLog: (serverId: number, query: { [Key in keyof AuditQuery]?: string | number | undefined } = {}) =>
      call<AuditLog>("GET", `${path(serverId)}/audit-log`, { query: { ...query } }),
    setRetention: (serverId: number, body: Retention) => call<Server>("PUT", `${path(serverId)}/retention`, { body }),
    setChannelRetention: (channelId: number, body: Retention) =>
      call<Channel>("PUT", `/api/channels/${channelId}/retention`, { body }),
    setVerification: (serverId: number, body: Verification) =>
      call<Server>("PUT", `${path(serverId)}/verification`, { body }),
    listBans: async (serverId: number) => (await call<{ bans: Ban[] }>("GET", `${path(serverId)}/bans`)).bans,
    unbanMember: (serverId: number, userId: number) => call<void>("DELETE", `${path(serverId)}/bans/${userId}`),
    /** Bans many for ever, and deletes what they wrote lately. */
    banMembers: (serverId: number, body: BulkBanBody) =>
      call<BulkBanAnswer>("POST", `${path(serverId)}/bulk-ban`, { body }),
    /** `until: null` ends it. */
    setRaidMode: (serverId: number, body: RaidModeBody) => call<Server>("PUT", `${path(serverId)}/raid-mode`, { body }),
  };
}
