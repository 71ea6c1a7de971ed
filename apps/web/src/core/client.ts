import { createClient, createStorageLocks, type ClientState, type MiscordClient } from "@miscord/client";
import type { Me } from "@miscord/protocol";
import { createContext, use } from "react";
import { useStore } from "zustand";
import { logoutMark } from "./logout-mark.ts";
import { rememberedMode } from "./mode.ts";
import { outboxStorage } from "./outbox-storage.ts";

/** One client for the life of the page. The browser's own locks exist in secure contexts only. */
export const client: MiscordClient = createClient({
  mode: rememberedMode(),
  persistence: outboxStorage,
  logoutMark,
  ...("locks" in navigator ? {} : { locks: createStorageLocks(localStorage) }),
});

const ClientContext = createContext<MiscordClient>(client);

export function useClient(): MiscordClient {
  return use(ClientContext);
}

/** Renders again only when the selected value changes: select, don't build (or wrap the selector in `useShallow`). */
export function useClientState<Value>(selector: (state: ClientState) => Value): Value {
  return useStore(use(ClientContext).store, selector);
}

/** Oneself. Only below the parts of the app that need a session. */
export function useMe(): Me {
  const me = useClientState((state) => state.session.me);
  if (!me) throw new Error("useMe needs a session");
  return me;
}
