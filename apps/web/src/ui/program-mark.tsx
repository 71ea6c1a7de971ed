import type { User } from "@miscord/protocol";
import { useTranslation } from "react-i18next";

/** Tells a program from a person, beside its name. */
export function ProgramMark({ user }: { user: Pick<User, "is_bot" | "is_webhook"> }) {
  const { t } = useTranslation("common");
  if (!user.is_bot && !user.is_webhook) return null;
  return (
    <span className="shrink-0 self-center rounded-sm bg-active px-1 text-2xs font-semibold text-muted select-none">
      {user.is_bot ? t("bot") : t("webhook")}
    </span>
  );
}
