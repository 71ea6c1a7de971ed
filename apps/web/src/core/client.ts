import { createClient, createStorageLocks, type ClientState, type MiscordClient } from "@miscord/client";
import type { Me } from "@miscord/protocol";
import { createContext, use } from "react";
import { useStore } from "zustand";
import { fetchOrTakeEarly } from "./early-requests.ts";
import { logoutMark } from "./logout-mark.ts";
import { rememberedMode } from "./mode.ts";
import { createOutboxStorage } from "./outbox-storage.ts";

/** Null where the browser forbids storage; reading the property itself throws there. */
function outboxPersistence() {
  try {
    const { localStorage: storage, sessionStorage: pageStorage } = globalThis;
    return createOutboxStorage({ storage, pageStorage, locks: "locks" in navigator ? navigator.locks : undefined });
  } catch {
    return null;
  }
}

/** The client of this page. Browsers have Web Locks in secure contexts only; elsewhere locks in localStorage replace them. */
export const client: MiscordClient = createClient({
  mode: rememberedMode(),
  fetch: fetchOrTakeEarly,
  persistence: outboxPersistence(),
  logoutMark,
  ...("locks" in navigator ? {} : { locks: createStorageLocks(localStorage) }),
});

const ClientContext = createContext<MiscordClient>(client);

export function useClient(): MiscordClient {
  return use(ClientContext);
}

/**
 * Selects from the client's state. Renders again only when the selected value changes, so the selector must not build
 * new objects (or be wrapped in `useShallow`).
 */
export function useClientState<Value>(selector: (state: ClientState) => Value): Value {
  return useStore(use(ClientContext).store, selector);
}

/** The current user. Only for components that are rendered while logged in. */
export function useMe(): Me {
  const me = useClientState((state) => state.session.me);
  if (!me) throw new Error("useMe needs a session");
  return me;
}
