import type { Role } from "@miscord/protocol";
import { useShallow } from "zustand/shallow";
import { useClientState } from "./client.ts";

/** The server's roles that members are given, the highest first: all but the base role. */
export function useRoles(serverId: number): readonly Role[] {
  return useClientState(
    useShallow((state) => (state.servers[serverId]?.roles ?? []).filter(({ position }) => position > 0).toReversed()),
  );
}
