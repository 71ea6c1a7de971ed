import type { FavouriteGif, FoundGif } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { keptGifs, useKeptGifs } from "../gifs/kept-gifs.ts";
import { GifGrid, type OfferedGif } from "./gif-grid.tsx";
import { GifFailure, GifHeading, GifNote, WaitingGifs } from "./gif-notes.tsx";
import { foldWord } from "./shortcodes.ts";
import { useGifSearch } from "./use-gif-search.ts";

interface ListProps<Gif> {
  query: string;
  sending: string | null;
  onPick: (gif: Gif) => void;
}

interface KeptGifsProps extends ListProps<FavouriteGif> {
  /** Others are below them. */
  hasOthers: boolean;
}

/** The GIFs that the user keeps, or those of them that are called so. */
export function KeptGifs({ query, sending, onPick, hasOthers }: KeptGifsProps) {
  const { t } = useTranslation("gifs");
  const { status, gifs } = useKeptGifs();
  const wanted = foldWord(query);
  const shown = gifs
    .filter(({ title }) => foldWord(title).includes(wanted))
    .map((gif): FavouriteGif & OfferedGif => ({ ...gif, body: null }));
  if (status === "loading") return <WaitingGifs />;
  if (status === "failed") return <GifFailure text={t("failed")} onRetry={() => keptGifs.load()} />;
  if (gifs.length === 0) return wanted === "" && <GifNote>{t("empty")}</GifNote>;
  if (shown.length === 0) return null;
  return (
    <>
      {hasOthers && <GifHeading>{t("favourites")}</GifHeading>}
      <GifGrid key={query} label={t("favourites")} gifs={shown} {...{ sending, onPick }} />
    </>
  );
}

/** What the service has for the query, or what is popular there. */
export function FoundGifs({ query, sending, onPick, provider }: ListProps<FoundGif> & { provider: string }) {
  const { t } = useTranslation("gifs");
  const { status, gifs, more, retry } = useGifSearch(query);
  const title = t(query.trim() === "" ? "popular" : "found");
  const shown = gifs.map((gif): FoundGif & OfferedGif => ({ ...gif, body: { found: gif.found } }));
  return (
    <>
      {shown.length > 0 && (
        <>
          <GifHeading>{title}</GifHeading>
          <GifGrid key={query} label={title} gifs={shown} {...{ sending, onPick }} />
        </>
      )}
      {status === "loading" && <WaitingGifs />}
      {status === "failed" && <GifFailure text={t("searchFailed", { provider })} onRetry={retry} />}
      {status === "ready" && shown.length === 0 && query.trim() !== "" && (
        <GifNote>{t("noneFound", { search: query })}</GifNote>
      )}
      {more && (
        <Button size="sm" variant="ghost" className="mb-2.5 w-full" onClick={more}>
          {t("more")}
        </Button>
      )}
    </>
  );
}
