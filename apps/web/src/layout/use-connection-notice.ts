import { useSyncExternalStore } from "react";
import { useClientState } from "../core/client.ts";
import { useElapsed } from "../core/use-elapsed.ts";
import { connectionNotice, type ConnectionNotice } from "./connection-notice.ts";

/** Most cuts mend themselves sooner; saying so would only flicker. */
const delayMs = 1_500;

function subscribeOnline(onChange: () => void): () => void {
  addEventListener("online", onChange);
  addEventListener("offline", onChange);
  return () => {
    removeEventListener("online", onChange);
    removeEventListener("offline", onChange);
  };
}

/** What is worth saying about the connection, once it has lasted. */
export function useConnectionNotice(): ConnectionNotice {
  const isOnline = useSyncExternalStore(subscribeOnline, () => navigator.onLine);
  const notice = useClientState((state) => connectionNotice(state.connection, isOnline));
  return useElapsed(delayMs, notice !== null) ? notice : null;
}
