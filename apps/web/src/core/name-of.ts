import type { User } from "@miscord/protocol";
import { t } from "i18next";

/** The name to show: that of a deleted account is no name, and is in the reader's language. */
export function nameOf({ is_deleted, display_name }: Pick<User, "is_deleted" | "display_name">): string {
  return is_deleted ? t("common:deletedAccount") : display_name;
}
