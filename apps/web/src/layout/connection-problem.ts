import type { ConnectionState } from "@miscord/client";
import { useSyncExternalStore } from "react";
import { useClientState } from "../core/client.ts";
import { useElapsed } from "../core/use-elapsed.ts";

type ConnectionProblem = "offline" | "reconnecting" | "stopped" | null;

/** The problem with the connection at this moment; null when there is none. */
export function connectionProblem(connection: ConnectionState, isBrowserOnline: boolean): ConnectionProblem {
  if (connection.status === "online" || connection.status === "idle") return null;
  if (connection.status === "stopped") return "stopped";
  return isBrowserOnline ? "reconnecting" : "offline";
}

/** Most interruptions end sooner; a banner for them would only flicker. */
const delayMs = 1_500;

function subscribeOnline(onChange: () => void): () => void {
  addEventListener("online", onChange);
  addEventListener("offline", onChange);
  return () => {
    removeEventListener("online", onChange);
    removeEventListener("offline", onChange);
  };
}

/** The problem with the connection, once it has lasted `delayMs`; null when there is none. */
export function useConnectionProblem(): ConnectionProblem {
  const isOnline = useSyncExternalStore(subscribeOnline, () => navigator.onLine);
  const problem = useClientState((state) => connectionProblem(state.connection, isOnline));
  return useElapsed(delayMs, problem !== null) ? problem : null;
}
