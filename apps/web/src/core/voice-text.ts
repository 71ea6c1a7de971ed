import { clockText } from "@miscord/protocol";
import { t } from "i18next";

/** What stands for the text of a message that has none and is a voice message of this length; empty for any other. */
export function voiceText(milliseconds: number | undefined): string {
  return milliseconds === undefined ? "" : t("chat:voiceMessage", { length: clockText(milliseconds) });
}
