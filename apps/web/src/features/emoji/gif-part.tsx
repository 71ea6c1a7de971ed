import { gifCalls } from "@miscord/client";
import type { Attachment } from "@miscord/protocol";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { slowModeText, useSlowMode } from "../../core/use-slow-mode.ts";
import type { OfferedGif } from "./gif-grid.tsx";
import { FoundGifs, KeptGifs } from "./gif-lists.tsx";
import { GifNote } from "./gif-notes.tsx";
import { SearchField } from "./search-field.tsx";

interface GifPartProps {
  serverId: number | null | undefined;
  channelId: number;
  /** Sends what the function uploads; resolves when that has come to an end. */
  onPick: (upload: () => Promise<Attachment>) => Promise<void>;
}

/** The GIFs that the user keeps, and those of the service that the operator has chosen, if any. */
export function GifPart({ serverId, channelId, onPick }: GifPartProps) {
  const { t } = useTranslation(["gifs", "moderation"]);
  const calls = gifCalls(useClient().rest);
  const waitS = useSlowMode(serverId ?? null, channelId);
  const provider = useClientState((state) => state.instance?.gif_provider);
  const [query, setQuery] = useState("");
  const [sending, setSending] = useState<string | null>(null);
  const panel = useRef<HTMLDivElement>(null);

  async function pick({ source }: Pick<OfferedGif, "source">, upload: () => Promise<Attachment>): Promise<void> {
    setSending(source);
    await onPick(upload);
    setSending(null);
  }
  function onSearchKey(event: KeyboardEvent): void {
    if (event.key !== "ArrowDown") return;
    panel.current?.querySelector<HTMLElement>("[data-gif]")?.focus();
    event.preventDefault();
  }

  return (
    <div className="flex flex-col">
      {provider !== undefined && (
        <div className="flex p-2.5 pb-0">
          <SearchField
            label={t("search", { provider })}
            search={query}
            setSearch={setQuery}
            onKeyDown={onSearchKey}
            takesFocus={false}
          />
        </div>
      )}
      <div
        ref={panel}
        className="mt-2.5 h-[min(20.5rem,var(--radix-popover-content-available-height)-7.25rem)] overflow-y-auto px-2.5"
      >
        {waitS > 0 ? (
          // What changes every second is not read out.
          <GifNote isSilent>{slowModeText(waitS)}</GifNote>
        ) : (
          <>
            <KeptGifs
              {...{ query, sending }}
              hasOthers={provider !== undefined}
              onPick={(gif) => void pick(gif, () => calls.upload(gif.id))}
            />
            {provider !== undefined && (
              <FoundGifs
                {...{ query, sending }}
                provider={provider}
                onPick={(gif) => void pick(gif, () => calls.uploadFound(gif.found))}
              />
            )}
          </>
        )}
      </div>
      {provider !== undefined && (
        <p className="border-t border-line px-3 py-1.5 text-xs text-muted">{t("powered", { provider })}</p>
      )}
    </div>
  );
}
