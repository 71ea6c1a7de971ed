/**
 * Where a client stands in a channel when it joins: the `seq` up to which it has the channel's events, `"none"` when it
 * has no state of the channel yet, or `"unknown"` when its `seq` belongs to data with another epoch.
 */
export type Position = number | "none" | "unknown";
