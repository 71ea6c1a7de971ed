import { isQuiet, type ChosenStatus, type Me } from "@miscord/protocol";

/** The status that decides what rings: within the hours in which nothing does, as if the user had chosen `dnd`. */
export function statusNow({ status, quiet_hours: hours }: Pick<Me, "status" | "quiet_hours">): ChosenStatus {
  return isQuiet(hours, Date.now()) ? "dnd" : status;
}
