import type { ServerSound } from "@miscord/protocol";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../../core/client.ts";
import { cellsOf, focusFirstCell, nextPlace } from "../../emoji/emoji-grid.tsx";
import { SearchField } from "../../emoji/search-field.tsx";
import { useCall } from "../use-call.ts";
import { SoundGlyph } from "./sound-glyph.tsx";
import { type SoundSection, useOfferedSounds } from "./use-offered-sounds.ts";

const columns = 2;

/** A press plays the sound to everybody; the board stays open. */
export function Soundboard({ channelId }: { channelId: number }) {
  const { t } = useTranslation("soundboard");
  const { voice } = useClient();
  const { sections, refused } = useOfferedSounds(channelId);
  const [search, setSearch] = useState("");
  const panel = useRef<HTMLDivElement>(null);
  const isDeafened = useCall((state) => state.isDeafened || state.restraint.is_server_deafened);
  const isSilenced = useCall(({ restraint }) => restraint.is_server_muted || restraint.is_suppressed);
  const words = search.trim().toLocaleLowerCase();
  const found = sections.flatMap((section) => {
    const sounds = section.sounds.filter(({ name }) => name.toLocaleLowerCase().includes(words));
    return sounds.length > 0 ? [{ ...section, sounds }] : [];
  });
  const first = found[0]?.sounds[0];
  const cannot = isSilenced ? t("silenced") : isDeafened ? t("deafened") : null;
  const play = ({ id }: ServerSound) => cannot === null && voice.playSound(id);

  function onSearchKey(event: KeyboardEvent): void {
    if (event.key === "ArrowDown") focusFirstCell(panel.current);
    else if (event.key === "Enter" && words !== "" && first) play(first);
    else return;
    event.preventDefault();
  }

  return (
    <div className="flex flex-col">
      {sections.length > 0 && (
        <div className="p-2.5 pb-1">
          <SearchField label={t("search")} onKeyDown={onSearchKey} {...{ search, setSearch }} takesFocus={false} />
        </div>
      )}
      {cannot && (
        <p role="status" className="px-3 py-2 text-sm text-muted">
          {cannot}
        </p>
      )}
      <div
        ref={panel}
        className="max-h-[min(20rem,var(--radix-popover-content-available-height)-5rem)] overflow-y-auto px-2.5 pb-2.5"
      >
        {found.map((section) => (
          <Section key={section.serverId} section={section} isDisabled={cannot !== null} onPlay={play} />
        ))}
        {found.length === 0 && (
          <p role="status" className="px-4 py-8 text-center text-sm text-faint wrap-anywhere">
            {refused === "all" ? t("forbidden") : words === "" ? t("none") : t("noneFound", { search })}
          </p>
        )}
        {refused === "foreign" && words === "" && <p className="px-1 pt-2 text-xs text-faint">{t("foreign")}</p>}
      </div>
    </div>
  );
}

interface SectionProps {
  section: SoundSection;
  isDisabled: boolean;
  onPlay: (sound: ServerSound) => void;
}

/** One cell of a section is in the tab order; arrow keys move between its cells. */
function Section({ section: { name, sounds }, isDisabled, onPlay }: SectionProps) {
  const { t } = useTranslation("soundboard");
  const [place, setPlace] = useState(0);
  const active = Math.min(place, sounds.length - 1);
  const rows = Array.from({ length: Math.ceil(sounds.length / columns) }, (_, row) =>
    sounds.slice(row * columns, (row + 1) * columns),
  );
  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const next = nextPlace(event.key, { place: active, count: sounds.length, columns });
    if (next === null) return;
    event.preventDefault();
    cellsOf(event.currentTarget)[next]?.focus();
  }
  return (
    <section>
      <h3 dir="auto" className="truncate px-1 pb-1 pt-2 text-xs font-semibold text-muted">
        {name}
      </h3>
      <div role="grid" tabIndex={-1} aria-label={t("of", { server: name })} onKeyDown={onKeyDown}>
        {rows.map((row, rowIndex) => (
          <div key={row[0]!.id} role="row" className="grid grid-cols-2 gap-1.5 pb-1.5">
            {row.map((sound, column) => {
              const index = rowIndex * columns + column;
              return (
                <button
                  key={sound.id}
                  type="button"
                  role="gridcell"
                  tabIndex={index === active ? 0 : -1}
                  aria-disabled={isDisabled}
                  aria-label={t("play", { sound: sound.name })}
                  title={sound.name}
                  onFocus={() => setPlace(index)}
                  onClick={() => onPlay(sound)}
                  className="focus-inset flex h-10 min-w-0 items-center gap-2 rounded-md bg-raised px-2.5 text-sm transition-colors hover:bg-active active:scale-97 aria-disabled:cursor-not-allowed aria-disabled:opacity-45"
                >
                  <SoundGlyph emoji={sound.emoji} />
                  <span dir="auto" className="truncate">
                    {sound.name}
                  </span>
                </button>
              );
            })}
          </div>
        ))}
      </div>
    </section>
  );
}
