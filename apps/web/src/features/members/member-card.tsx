import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { ProgramMark } from "../../ui/program-mark.tsx";
import type { PresentMember } from "./member-rows.ts";

/** Name, avatar and status of a member, above the member's menu. */
export function MemberCard({ member }: { member: PresentMember }) {
  const { t } = useTranslation(["servers", "common"]);
  const format = useFormat();
  return (
    <div className="mb-1 flex w-68 items-center gap-3 border-b border-line px-2.5 pb-3 pt-2">
      <Avatar user={member} size={40} status={member.status} ground="overlay" />
      <div className="min-w-0">
        <p className="flex min-w-0 gap-1.5">
          <span dir="auto" className="truncate font-semibold">
            {member.display_name}
          </span>
          <ProgramMark user={member} />
        </p>
        <p className="truncate text-sm text-muted">
          {member.nickname && `${member.account_name} · `}@{member.username}
        </p>
        <p className="mt-0.5 text-xs text-faint">{t("members.since", { date: format.date(member.joined_at) })}</p>
      </div>
    </div>
  );
}
