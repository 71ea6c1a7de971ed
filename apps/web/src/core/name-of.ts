import type { User } from "@miscord/protocol";
import { t } from "i18next";

type Named = Pick<User, "is_deleted" | "is_webhook" | "display_name">;

/**
 * The name to show: that of a deleted account is no name, and is in the reader's language. A webhook chooses its name, so it is
 * marked wherever no `ProgramMark` stands beside it.
 */
export function nameOf({ is_deleted, is_webhook, display_name }: Named): string {
  if (is_webhook) return `${display_name} · ${t("common:webhook")}`;
  return is_deleted ? t("common:deletedAccount") : display_name;
}
