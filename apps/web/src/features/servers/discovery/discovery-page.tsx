import { onboardingCalls } from "@miscord/client";
import type { PublicServer } from "@miscord/protocol";
import { Compass } from "lucide-react";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient, useClientState } from "../../../core/client.ts";
import { useDescribeError } from "../../../core/describe-error.ts";
import { serverLanding } from "../../../core/last-visited.ts";
import { usePageTitle } from "../../../core/page-title.ts";
import { untilState } from "../../../core/until-state.ts";
import { useAction } from "../../../core/use-action.ts";
import { MainPane } from "../../../layout/main-pane.tsx";
import { NotFoundPane } from "../../../layout/not-found-pane.tsx";
import { AlertBanner } from "../../../ui/alert-banner.tsx";
import { Button } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { SearchField } from "../../../ui/search-field.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { type Pages, usePages } from "../../instance/use-pages.ts";
import { usePaused } from "../../instance/use-paused.ts";
import { ServerTile } from "../server-tile.tsx";

/** A server, with the cursor of the page after it when it is the last of its page. */
type Item = PublicServer & { next?: string };

/** The instance's public servers, to join without an invite. */
export function DiscoveryPage() {
  const { t } = useTranslation("discovery");
  const hasDiscovery = useClientState(({ instance }) => instance?.discovery === "on");
  usePageTitle(t("title"));
  if (!hasDiscovery) return <NotFoundPane />;
  const title = (
    <h1 className="flex items-center gap-1.5 font-semibold">
      <Compass size={18} aria-hidden className="shrink-0 text-faint" />
      <span className="truncate">{t("title")}</span>
    </h1>
  );
  return (
    <MainPane title={title}>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Found />
      </div>
    </MainPane>
  );
}

function Found() {
  const { t } = useTranslation("discovery");
  const { rest } = useClient();
  const [text, setText] = useState("");
  const search = usePaused(text.trim());
  const load = useCallback(
    async (last?: Item) => {
      const { servers, next } = await onboardingCalls(rest).discover({ search, before: last?.next });
      const items = servers.map((server, index) =>
        next !== null && index === servers.length - 1 ? { ...server, next } : server,
      );
      return { items, has_more: next !== null };
    },
    [rest, search],
  );
  const pages = usePages<Item>(load);
  return (
    <div className="mx-auto flex w-full max-w-240 flex-col px-4 py-5 md:px-6">
      <p className="mb-3 text-sm text-muted">{t("hint")}</p>
      <SearchField label={t("search")} query={text} onChange={setText} />
      <Results pages={pages} isSearch={search !== ""} />
    </div>
  );
}

function Results({ pages, isSearch }: { pages: Pages<Item>; isSearch: boolean }) {
  const { t } = useTranslation(["discovery", "common"]);
  const describe = useDescribeError();
  const { loaded, reload, hasMore, isLoadingMore, loadMore } = pages;
  if (loaded.status === "loading") {
    return (
      <div role="status" aria-label={t("common:loading")} className="grid gap-3 md:grid-cols-2">
        {[0, 1, 2, 3].map((card) => (
          <Skeleton key={card} className="h-32 rounded-lg" />
        ))}
      </div>
    );
  }
  if (loaded.status === "failed") {
    return (
      <AlertBanner
        tone="danger"
        action={
          <Button size="sm" onClick={reload}>
            {t("common:retry")}
          </Button>
        }
      >
        {describe(loaded.error)}
      </AlertBanner>
    );
  }
  if (loaded.value.length === 0) {
    return (
      <EmptyState
        icon={<Compass size={26} aria-hidden />}
        title={t(isSearch ? "none.found" : "none.title")}
        {...(!isSearch && { description: t("none.description") })}
      />
    );
  }
  return (
    <>
      <ul aria-label={t("title")} className="grid gap-3 md:grid-cols-2">
        {loaded.value.map((server) => (
          <Card key={server.id} server={server} />
        ))}
      </ul>
      {hasMore && (
        <Button busy={isLoadingMore} onClick={loadMore} className="mt-4 self-center">
          {t("more")}
        </Button>
      )}
    </>
  );
}

function Card({ server: { id, name, description, icon_url: iconUrl, members } }: { server: PublicServer }) {
  const { t } = useTranslation("discovery");
  const client = useClient();
  const [, navigate] = useLocation();
  const { busy, run } = useAction();
  const isMember = useClientState((state) => id in state.servers);
  const open = () => navigate(serverLanding(client.store.getState(), id));
  const join = () =>
    run(async () => {
      await onboardingCalls(client.rest).joinPublic(id);
      await untilState(client, (state) => id in state.servers);
      open();
    });
  return (
    <li className="flex min-w-0 flex-col gap-3 rounded-lg border border-line bg-raised p-4">
      <div className="flex min-w-0 items-center gap-3">
        <ServerTile id={id} name={name} iconUrl={iconUrl} />
        <div className="min-w-0">
          <h2 className="font-semibold wrap-break-word">
            <bdi>{name}</bdi>
          </h2>
          <p className="text-sm text-faint">{members === 0 ? t("few") : t("members", { count: members })}</p>
        </div>
      </div>
      <p dir="auto" className="flex-1 text-sm text-muted wrap-break-word">
        {description}
      </p>
      {isMember ? (
        <Button size="sm" className="self-start" onClick={open} aria-label={t("openOf", { name })}>
          {t("open")}
        </Button>
      ) : (
        <Button
          size="sm"
          variant="primary"
          busy={busy}
          className="self-start"
          onClick={() => void join()}
          aria-label={t("joinOf", { name })}
        >
          {t("join")}
        </Button>
      )}
    </li>
  );
}
