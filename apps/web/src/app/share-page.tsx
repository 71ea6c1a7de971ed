import { accessFacts } from "@miscord/client";
import { can } from "@miscord/rights";
import { FileText, Share2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient, useClientState } from "../core/client.ts";
import { FailedPart } from "../core/failed-part.tsx";
import { usePageTitle } from "../core/page-title.ts";
import { paths } from "../core/paths.ts";
import { forgetShared } from "../core/shared-cache.ts";
import { sharedContent, type SharedContent } from "../core/shared-content.ts";
import { useAction } from "../core/use-action.ts";
import { useLoaded } from "../core/use-loaded.ts";
import { changeDraft, draftOf } from "../features/composer/drafts.ts";
import { addFiles, uploadLimits } from "../features/composer/uploads.ts";
import { useFormat } from "../i18n/format.ts";
import { MainPane } from "../layout/main-pane.tsx";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useToast } from "../ui/toast.tsx";
import { placesOf, searchDestinations } from "./destinations.ts";
import { DestinationMark } from "./destination-mark.tsx";

/** Asks where what another app has shared belongs, and puts it into the composer there. Nothing is sent. */
export function SharePage() {
  const { t } = useTranslation("share");
  const { loaded } = useLoaded(sharedContent);
  usePageTitle(t("title"));
  return (
    <MainPane title={<h1 className="truncate font-semibold">{t("title")}</h1>}>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex w-full max-w-130 flex-col gap-4 px-4 py-5">
          {loaded.status === "loading" && <Skeleton className="h-40 rounded-md" />}
          {loaded.status === "failed" && <FailedPart />}
          {loaded.status === "ready" && (loaded.value ? <Choice content={loaded.value} /> : <Nothing />)}
        </div>
      </div>
    </MainPane>
  );
}

function Nothing() {
  const { t } = useTranslation("share");
  return <EmptyState icon={<Share2 size={26} aria-hidden />} title={t("nothing")} description={t("nothingHint")} />;
}

function Choice({ content }: { content: SharedContent }) {
  const { t } = useTranslation(["share", "common"]);
  const [, navigate] = useLocation();
  return (
    <>
      <Shown content={content} />
      <Places content={content} />
      <Button
        variant="ghost"
        className="self-start"
        onClick={() => void forgetShared().then(() => navigate(paths.home, { replace: true }))}
      >
        {t("discard")}
      </Button>
    </>
  );
}

/** What is about to become a draft. */
function Shown({ content: { text, files, lost } }: { content: SharedContent }) {
  const { t } = useTranslation("share");
  const format = useFormat();
  return (
    <div className="rounded-lg border border-line bg-sunken p-3">
      {text !== "" && (
        <p dir="auto" className="line-clamp-6 text-sm whitespace-pre-wrap wrap-anywhere">
          {text}
        </p>
      )}
      {files.length > 0 && (
        <ul className="mt-1 flex flex-col gap-1 text-sm">
          {files.map((file, index) => (
            // Two files may have one name.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index} className="flex min-w-0 items-center gap-2">
              <FileText size={15} aria-hidden className="shrink-0 text-faint" />
              <span dir="auto" className="truncate">
                {file.name}
              </span>
              <span className="shrink-0 text-faint">{format.fileSize(file.size)}</span>
            </li>
          ))}
        </ul>
      )}
      {lost > 0 && <p className="mt-1 text-sm text-danger-ink">{t("lost", { count: lost })}</p>}
    </div>
  );
}

/** Text channels and conversations in which the user may write. */
function Places({ content }: { content: SharedContent }) {
  const { t } = useTranslation("share");
  const client = useClient();
  const [query, setQuery] = useState("");
  const share = useShare(content);
  const { busy, run } = useAction();
  const ready = useClientState((state) => state.connection.ready || state.serverIds.length > 0);
  const state = client.store.getState();
  const places = searchDestinations(
    placesOf(state).filter(({ kind }) => kind === "channel" || kind === "dm"),
    query,
  ).flatMap((place) => {
    const id = "path" in place ? channelIdOf(place.path) : null;
    return id !== null && mayWrite(state, id) ? [{ place, id }] : [];
  });
  return (
    <section>
      <h2 className="mb-2 text-sm font-semibold">{t("where")}</h2>
      <SearchField label={t("search")} query={query} onChange={setQuery} />
      {!ready && <Skeleton className="h-24 rounded-md" />}
      {ready && places.length === 0 && <p className="py-3 text-sm text-faint">{t("noPlace")}</p>}
      <ul className="flex flex-col">
        {places.slice(0, maxShown).map(({ place, id }) => (
          <li key={place.key}>
            <button
              type="button"
              aria-disabled={busy || undefined}
              onClick={() => void run(() => share(id, "path" in place ? place.path : paths.home))}
              className="flex min-h-11 w-full items-center gap-2.5 rounded-md px-2.5 text-left hover:bg-hover"
            >
              <DestinationMark destination={place} />
              <span dir="auto" className="min-w-0 truncate">
                {place.name}
              </span>
              {place.detail && (
                <span className="ml-auto min-w-0 shrink truncate pl-4 text-sm text-muted">{place.detail}</span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const maxShown = 50;

function channelIdOf(path: string): number | null {
  const id = /\/(\d+)$/.exec(path)?.[1];
  return id === undefined ? null : Number(id);
}

function mayWrite(state: Parameters<typeof accessFacts>[0] & Parameters<typeof placesOf>[0], id: number): boolean {
  // A forum holds posts, and has no composer of its own.
  if (state.channels[id]?.type === "forum") return false;
  const serverId = state.channels[id]?.server_id ?? null;
  if (serverId === null) return true;
  const facts = accessFacts(state, serverId, id);
  return facts !== null && can(facts, "sendMessages");
}

/** Adds it to what is in the composer of the channel already, and goes there. */
function useShare({ text, files }: SharedContent): (channelId: number, path: string) => Promise<void> {
  const { t } = useTranslation("chat");
  const client = useClient();
  const toast = useToast();
  const [, navigate] = useLocation();
  return async (channelId, path) => {
    await forgetShared();
    const { text: former } = draftOf(channelId);
    changeDraft(channelId, { text: [former, text].filter((part) => part !== "").join("\n") });
    if (!addFiles(client, channelId, files)) {
      toast({ title: t("upload.tooMany", { count: uploadLimits(client).files }), tone: "danger" });
    }
    navigate(path, { replace: true });
  };
}
