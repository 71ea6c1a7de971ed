import { onboardingCalls } from "@miscord/client";
import type { InstanceServer, InstanceServerPage } from "@miscord/protocol";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { useFormat } from "../../i18n/format.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { Select } from "../../ui/select.tsx";
import { PagedList } from "./paged-list.tsx";
import { usePages } from "./use-pages.ts";
import { usePaused } from "./use-paused.ts";

const orders = ["newest", "storage"] as const;
type Order = (typeof orders)[number];

/** All servers of the instance, with what they store. */
export function ServersPanel() {
  const { t } = useTranslation("instance");
  const { rest } = useClient();
  const [text, setText] = useState("");
  const [sort, setSort] = useState<Order>("newest");
  const search = usePaused(text.trim());
  const load = useCallback(
    async (last?: InstanceServer) => {
      const query = { search, sort, after: last?.id };
      const { servers, has_more } = await rest.call<InstanceServerPage>("GET", "/api/instance/servers", { query });
      return { items: servers, has_more };
    },
    [rest, search, sort],
  );
  const pages = usePages(load);
  return (
    <PagedList
      title={t("servers.title")}
      pages={pages}
      empty={t("servers.none")}
      toolbar={
        <div className="flex flex-wrap items-end gap-x-3">
          <div className="min-w-56 flex-1">
            <SearchField label={t("servers.search")} query={text} onChange={setText} />
          </div>
          <Field label={t("servers.order")} hideLabel className="mb-2 w-48">
            <Select
              value={sort}
              onChange={setSort}
              options={orders.map((value) => ({ value, label: t(`servers.orders.${value}`) }))}
            />
          </Field>
        </div>
      }
      keyOf={({ id }) => id}
      renderItem={(server) => <ServerItem server={server} onChanged={pages.reload} />}
    />
  );
}

interface ServerItemProps {
  server: InstanceServer;
  /** Called when this administrator has changed the server. */
  onChanged: () => void;
}

function ServerItem({ server, onChanged }: ServerItemProps) {
  const { t } = useTranslation("instance");
  const format = useFormat();
  const facts = [
    t("servers.owner", { name: server.owner.display_name, username: server.owner.username }),
    t("servers.members", { count: server.members }),
    t("servers.channels", { count: server.channels }),
    t("accounts.since", { date: format.shortDate(server.created_at) }),
    ...(server.is_public && !server.is_unlisted ? [t("servers.public")] : []),
    ...(server.is_unlisted ? [t("servers.unlisted")] : []),
  ];
  return (
    <article aria-label={server.name} className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3">
      <div className="min-w-0 flex-1 basis-48">
        <p className="truncate text-sm font-medium">
          <bdi>{server.name}</bdi>
        </p>
        <p className="text-sm text-faint wrap-break-word">{facts.join(" · ")}</p>
      </div>
      <p className="text-right text-sm tabular-nums text-muted">
        {format.fileSize(server.storage_bytes)}
        <span className="block text-faint">{t("servers.files", { count: server.files })}</span>
      </p>
      {(server.is_public || server.is_unlisted) && <Unlisting server={server} onChanged={onChanged} />}
    </article>
  );
}

/** Takes a public server off the discovery page, or allows it there again. */
function Unlisting({ server: { id, name, is_unlisted: isUnlisted }, onChanged }: ServerItemProps) {
  const { t } = useTranslation("instance");
  const calls = onboardingCalls(useClient().rest);
  const { busy, run } = useAction();
  const change = async () => {
    if (await run(() => calls.setUnlisted(id, !isUnlisted))) onChanged();
  };
  return (
    <Button
      size="sm"
      busy={busy}
      onClick={() => void change()}
      aria-label={t(isUnlisted ? "servers.relistOf" : "servers.unlistOf", { name })}
    >
      {t(isUnlisted ? "servers.relist" : "servers.unlist")}
    </Button>
  );
}
