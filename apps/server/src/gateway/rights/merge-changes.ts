import type { RightsChanged } from "../../bus/contract.ts";

export type Changes = Omit<RightsChanged, "type" | "serverId">;

/** Both, as one. */
export function merge(one: Changes, other: Changes): Changes {
  const both = (key: "hidden" | "opened" | "overridden" | "updated") => [...new Set([...one[key], ...other[key]])];
  return {
    userIds: one.userIds && other.userIds && [...new Set([...one.userIds, ...other.userIds])],
    hidden: both("hidden"),
    opened: both("opened"),
    overridden: both("overridden"),
    updated: both("updated"),
  };
}
