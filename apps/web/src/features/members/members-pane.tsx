import { useTranslation } from "react-i18next";
import { Drawer } from "../../layout/drawer.tsx";
import { setMembersOpen, usePanes } from "../../layout/panes.ts";
import { useNarrow } from "../../ui/use-media-query.ts";
import { MemberList } from "./member-list.tsx";

/** The member list, beside the conversation or over it on narrow screens. */
export function MembersPane({ serverId }: { serverId: number }) {
  const { t } = useTranslation("servers");
  const narrow = useNarrow();
  const { membersShown, membersOpen } = usePanes();
  if (narrow) {
    return (
      <Drawer open={membersOpen} onOpenChange={setMembersOpen} label={t("members.title")} side="right">
        <MemberList serverId={serverId} />
      </Drawer>
    );
  }
  if (!membersShown) return null;
  return (
    <aside aria-label={t("members.title")} className="flex w-60 shrink-0 border-l border-line bg-sunken">
      <MemberList serverId={serverId} />
    </aside>
  );
}
