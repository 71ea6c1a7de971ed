import { Dialog as Radix } from "radix-ui";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { cx } from "../ui/cx.ts";
import { scrimClass } from "../ui/dialog.tsx";
import { useReturnFocus } from "../ui/use-return-focus.ts";
import { openDialog } from "../core/dialog-store.ts";
import { joinVoice } from "../features/voice/voice-actions.ts";
import { type Destination, searchDestinations } from "./destinations.ts";
import { DestinationMark } from "./destination-mark.tsx";
import { useDestinations } from "./use-destinations.ts";

const maxShown = 12;

/** Searches channels, people, servers, settings and commands; arrow keys choose, Enter opens. */
export function QuickSwitcher({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("common");
  const [, navigate] = useLocation();
  const returnFocus = useReturnFocus(true);
  const [query, setQuery] = useState("");
  const [index, setIndex] = useState(0);
  const listId = useId();
  const found = searchDestinations(useDestinations(query), query).slice(0, maxShown);

  function go(destination: Destination | undefined) {
    if (!destination) return;
    onClose();
    if (destination.kind === "command") return destination.run();
    if (destination.kind === "person") {
      return openDialog({ kind: "member", serverId: destination.serverId, userId: destination.user.id });
    }
    if (destination.kind === "voice") void joinVoice(destination.channelId);
    navigate(destination.path);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "ArrowDown") setIndex((index + 1) % Math.max(1, found.length));
    else if (event.key === "ArrowUp") setIndex((index - 1 + found.length) % Math.max(1, found.length));
    else if (event.key === "Enter") go(found[index]);
    else return;
    event.preventDefault();
  }

  return (
    <Radix.Root open onOpenChange={onClose}>
      <Radix.Portal>
        <Radix.Overlay className={scrimClass} />
        <Radix.Content
          aria-describedby={undefined}
          {...returnFocus}
          className="animate-rise fixed inset-x-3 top-[12dvh] z-50 mx-auto flex max-h-[70dvh] max-w-130 flex-col overflow-hidden rounded-lg bg-overlay shadow-overlay outline-none"
        >
          <Radix.Title className="sr-only">{t("switcher.title")}</Radix.Title>
          <input
            role="combobox"
            aria-label={t("switcher.title")}
            aria-expanded="true"
            aria-controls={listId}
            aria-activedescendant={found.length > 0 ? `${listId}-${index}` : undefined}
            aria-autocomplete="list"
            placeholder={t("switcher.placeholder")}
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              setIndex(0);
            }}
            onKeyDown={onKeyDown}
            className="h-13 shrink-0 border-b border-line bg-transparent px-4 text-lg outline-none placeholder:text-faint"
          />
          <Results listId={listId} found={found} index={index} onPoint={setIndex} onSelect={go} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ResultsProps {
  listId: string;
  found: readonly Destination[];
  index: number;
  onPoint: (index: number) => void;
  onSelect: (destination: Destination) => void;
}

function Results({ listId, found, index, onPoint, onSelect }: ResultsProps) {
  const { t } = useTranslation("common");
  return (
    <>
      <div id={listId} role="listbox" aria-label={t("switcher.results")} className="min-h-0 overflow-y-auto p-1.5">
        {found.map((destination, at) => (
          <Option
            key={destination.key}
            id={`${listId}-${at}`}
            destination={destination}
            selected={at === index}
            onPoint={() => onPoint(at)}
            onSelect={() => onSelect(destination)}
          />
        ))}
      </div>
      {found.length === 0 && (
        <p role="status" className="px-4 pb-5 pt-3 text-center text-sm text-faint">
          {t("switcher.nothing")}
        </p>
      )}
    </>
  );
}

interface OptionProps {
  id: string;
  destination: Destination;
  selected: boolean;
  onPoint: () => void;
  onSelect: () => void;
}

function Option({ id, destination, selected, onPoint, onSelect }: OptionProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (selected) element.current?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return (
    // The input keeps the focus and handles the keys; the list reacts to the pointer only.
    <div
      ref={element}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      onPointerMove={onPoint}
      onMouseDown={onSelect}
      className={cx("flex h-10 items-center gap-2.5 rounded-md px-2.5", selected && "bg-active")}
    >
      <DestinationMark destination={destination} />
      <span className={cx("truncate", "isUnread" in destination && destination.isUnread && "font-semibold")}>
        {destination.name}
      </span>
      {destination.detail && (
        <span className="ml-auto min-w-0 shrink truncate pl-4 text-sm text-muted">{destination.detail}</span>
      )}
    </div>
  );
}
