import { useState, type MouseEvent, type ReactElement } from "react";
import type { User } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { LazyPart } from "../../core/lazy-part.tsx";
import { Popover } from "../../ui/popover.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";

const PersonCard = lazyWithTexts(async () => (await import("./person-card.tsx")).PersonCard);

interface PersonPopoverProps {
  channelId: number;
  person: User;
  /** A click, a right click or a long press on it opens the card. */
  trigger: ReactElement;
}

/** The card of a participant: profile, volume, mute, moderation. */
export function PersonPopover({ channelId, person, trigger }: PersonPopoverProps) {
  const { t } = useTranslation("voice");
  const [open, setOpen] = useState(false);
  function openByMenuKey(event: MouseEvent) {
    event.preventDefault();
    setOpen(true);
  }
  return (
    <div className="contents" onContextMenu={openByMenuKey}>
      <Popover
        open={open}
        onOpenChange={setOpen}
        trigger={trigger}
        label={t("stage.options", { name: person.display_name })}
        side="right"
        className="w-64"
      >
        <LazyPart loading={<Skeleton className="m-3.5 h-26" />}>
          <PersonCard channelId={channelId} person={person} />
        </LazyPart>
      </Popover>
    </div>
  );
}
