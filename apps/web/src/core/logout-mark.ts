import type { LogoutMark } from "@miscord/client";
import { stored } from "./stored.ts";

/**
 * A pending logout, stored for the whole browser like the session cookie: the next tab that starts sends it to the
 * server.
 */
export const logoutMark: LogoutMark = {
  isSet: () => stored.get("logout") === "due",
  set: (isSet) => stored.set("logout", isSet ? "due" : ""),
};
