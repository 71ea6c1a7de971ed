import type { InstanceServer, InstanceServerPage } from "@miscord/protocol";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useFormat } from "../../i18n/format.ts";
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
  return (
    <PagedList
      title={t("servers.title")}
      pages={usePages(load)}
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
      renderItem={(server) => <ServerItem server={server} />}
    />
  );
}

function ServerItem({ server }: { server: InstanceServer }) {
  const { t } = useTranslation("instance");
  const format = useFormat();
  const facts = [
    t("servers.owner", { name: server.owner.display_name, username: server.owner.username }),
    t("servers.members", { count: server.members }),
    t("servers.channels", { count: server.channels }),
    t("accounts.since", { date: format.shortDate(server.created_at) }),
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
    </article>
  );
}
