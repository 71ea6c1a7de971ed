import type { LogoutMark } from "@miscord/client";
import { stored } from "./stored.ts";

/** Of the browser, as the session's cookie is: whichever tab starts next tells the server. */
export const logoutMark: LogoutMark = {
  isSet: () => stored.get("logout") === "due",
  set: (isSet) => stored.set("logout", isSet ? "due" : ""),
};
