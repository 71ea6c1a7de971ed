import { accessFacts, botCalls } from "@miscord/client";
import type { Bot, BotWithToken } from "@miscord/protocol";
import { can } from "@miscord/rights";
import { Ellipsis, KeyRound, Server, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { Avatar } from "../../../ui/avatar.tsx";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { useGuarded } from "../security/use-guarded.ts";

interface BotItemProps {
  bot: Bot;
  onChanged: () => void;
  onRenewed: (bot: BotWithToken) => void;
}

export function BotItem({ bot, onChanged, onRenewed }: BotItemProps) {
  const { t } = useTranslation("bots");
  const calls = botCalls(useClient().rest);
  const { run: guarded, question } = useGuarded();
  const { run } = useAction();
  const servers = useManagedServers();
  const [isRemoving, setRemoving] = useState(false);
  const { id, display_name: name, username, server_ids: joined } = bot;
  const change = async (work: () => Promise<unknown>) => {
    await work();
    onChanged();
  };
  const others = servers.filter((server) => !joined.includes(server.id));
  return (
    <>
      <Avatar user={bot} size={32} />
      <div className="min-w-0 flex-1">
        <p dir="auto" className="truncate text-sm font-medium">
          {name}
        </p>
        <p className="truncate text-sm text-faint">
          @{username} · {t("servers", { count: joined.length })}
        </p>
      </div>
      <Menu
        align="end"
        trigger={<IconButton label={t("actions", { name })} icon={<Ellipsis size={17} />} />}
        entries={[
          others.length > 0 && {
            label: t("add"),
            icon: <Server size={16} />,
            items: others.map((server) => ({
              label: server.name,
              onSelect: () => void run(() => change(() => calls.addToServer(server.id, id))),
            })),
          },
          {
            label: t("renew"),
            icon: <KeyRound size={16} />,
            onSelect: () => void guarded(async () => onRenewed(await calls.renewToken(id))),
          },
          "separator",
          { label: t("remove"), icon: <Trash2 size={16} />, danger: true, onSelect: () => setRemoving(true) },
        ]}
      />
      {question}
      {isRemoving && (
        <ConfirmDialog
          open
          danger
          onOpenChange={setRemoving}
          title={t("removeTitle", { name })}
          description={t("removeHint")}
          confirmLabel={t("remove")}
          onConfirm={() => run(() => change(() => calls.remove(id)))}
        />
      )}
    </>
  );
}

interface Managed {
  readonly id: number;
  readonly name: string;
}

/** The servers to which the user may add a bot. */
function useManagedServers(): readonly Managed[] {
  // As one text: the list is the same as long as nothing of it changes.
  const text = useClientState((state) => {
    const found = Object.values(state.servers).flatMap(({ id, name }) => {
      const facts = accessFacts(state, id);
      return facts !== null && can(facts, "manageGuild") ? [{ id, name }] : [];
    });
    return JSON.stringify(found);
  });
  return useMemo(() => JSON.parse(text) as Managed[], [text]);
}
