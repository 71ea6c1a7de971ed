import type { RelationshipEntry } from "@miscord/client";
import { Check, Ellipsis, MessageSquare, Users, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { usePageTitle } from "../../core/page-title.ts";
import { useAction } from "../../core/use-action.ts";
import { MainPane } from "../../layout/main-pane.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { openCard } from "../../core/dialog-store.ts";
import { StatusLine } from "../profile/custom-status-text.tsx";
import { AddFriendForm } from "./add-friend-form.tsx";
import { useOpenDm } from "./use-open-dm.ts";
import { usePersonMenu } from "./use-person-menu.tsx";

const groups = ["incoming", "friend", "outgoing", "blocked"] as const;

/** The page at `/dms`: friends, requests and blocked people. */
export function FriendsPane({ buttons }: { buttons?: ReactNode }) {
  const { t, i18n } = useTranslation("people");
  usePageTitle(t("friends.title"));
  const relationships = useClientState((state) => state.relationships);
  const isLegacy = useClientState((state) => state.connection.mode === "legacy");
  const collator = new Intl.Collator(i18n.language, { sensitivity: "base", numeric: true });
  const sorted = Object.values(relationships).toSorted((a, b) =>
    collator.compare(a.user.display_name, b.user.display_name),
  );
  const title = (
    <h1 className="flex items-center gap-1.5 font-semibold">
      <Users size={18} aria-hidden className="shrink-0 text-faint" />
      <span className="truncate">{t("friends.title")}</span>
    </h1>
  );
  return (
    <MainPane title={title} buttons={buttons}>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 py-4">
        {isLegacy ? (
          <EmptyState icon={<Users size={26} aria-hidden />} title={t("legacy.title")} description={t("legacy.hint")} />
        ) : (
          <div className="max-w-160">
            <AddFriendForm />
            {sorted.length === 0 && (
              <EmptyState
                icon={<Users size={26} aria-hidden />}
                title={t("friends.none")}
                description={t("friends.noneHint")}
              />
            )}
            {groups.map((kind) => (
              <Group key={kind} kind={kind} people={sorted.filter((one) => one.kind === kind)} />
            ))}
          </div>
        )}
      </div>
    </MainPane>
  );
}

function Group({ kind, people }: { kind: RelationshipEntry["kind"]; people: readonly RelationshipEntry[] }) {
  const { t } = useTranslation("people");
  if (people.length === 0) return null;
  return (
    <section className="mt-6">
      <h2 className="mb-1 text-sm font-medium text-muted">
        {t(`group.${kind}`)} · {people.length}
      </h2>
      <ul className="divide-y divide-line">
        {people.map((person) => (
          <li key={person.user.id} className="flex min-h-14 items-center gap-3 py-2">
            <Person {...person} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Person({ user, kind }: RelationshipEntry) {
  const { t } = useTranslation(["people", "common"]);
  const status = useClientState((state) => state.presence[user.id] ?? "offline");
  const entries = usePersonMenu(user);
  return (
    <>
      <button
        type="button"
        onClick={() => openCard(null, user)}
        className="focus-inset flex min-w-0 flex-1 items-center gap-3 rounded-md text-left hover:bg-hover"
      >
        <Avatar user={user} size={40} status={kind === "friend" ? status : undefined} />
        <span className="min-w-0 flex-1">
          <span dir="auto" className="block truncate font-medium">
            {user.display_name}
          </span>
          <span className="block truncate text-sm text-muted">
            @{user.username}
            {kind === "friend" && ` · ${t(`common:status.${status}`)}`}
          </span>
          {kind === "friend" && <StatusLine userId={user.id} />}
        </span>
      </button>
      <Actions user={user} kind={kind} />
      <Menu
        entries={entries}
        trigger={<IconButton label={t("more", { name: user.display_name })} icon={<Ellipsis size={18} />} />}
      />
    </>
  );
}

function Actions({ user, kind }: RelationshipEntry) {
  const { t } = useTranslation("people");
  const { rest } = useClient();
  const { busy, run } = useAction();
  const { openDm } = useOpenDm();
  switch (kind) {
    case "friend":
      return (
        <IconButton
          label={t("messageTo", { name: user.display_name })}
          icon={<MessageSquare size={18} />}
          onClick={() => void openDm([user.id])}
        />
      );
    case "incoming":
      return (
        <>
          <IconButton
            label={t("friend.acceptOf", { name: user.display_name })}
            icon={<Check size={18} />}
            disabled={busy}
            onClick={() => void run(() => rest.addFriend(user.id))}
          />
          <IconButton
            danger
            label={t("friend.declineOf", { name: user.display_name })}
            icon={<X size={18} />}
            disabled={busy}
            onClick={() => void run(() => rest.removeFriend(user.id))}
          />
        </>
      );
    case "blocked":
      return (
        <Button size="sm" busy={busy} onClick={() => void run(() => rest.unblock(user.id))}>
          {t("unblock")}
        </Button>
      );
    default:
      return null;
  }
}
