import type { ConnectionState } from "@miscord/client";

export type ConnectionNotice = "offline" | "reconnecting" | "stopped" | null;

/** What is worth saying about the connection. */
export function connectionNotice(connection: ConnectionState, isBrowserOnline: boolean): ConnectionNotice {
  if (connection.status === "online" || connection.status === "idle") return null;
  if (connection.status === "stopped") return "stopped";
  return isBrowserOnline ? "reconnecting" : "offline";
}
