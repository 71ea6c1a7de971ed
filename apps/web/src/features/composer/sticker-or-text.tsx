import type { Sticker } from "@miscord/protocol";
import { Sticker as StickerIcon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { useCan } from "../../core/use-can.ts";
import { Button } from "../../ui/button.tsx";
import { StickerPart } from "../emoji/sticker-part.tsx";
import { StickerPicture } from "../emoji/sticker-picture.tsx";

interface StickerOrTextProps {
  channelId: number;
  /** Null: the message is a text. */
  sticker: Sticker | null;
  /** Which of the two it is stays. */
  isFixed: boolean;
  onChange: (sticker: Sticker | null) => void;
  /** The field for the text. */
  children: ReactNode;
}

/** What a scheduled message will be: a text, or where files may be attached a sticker in its place. */
export function StickerOrText({ channelId, sticker, isFixed, onChange, children }: StickerOrTextProps) {
  const { t } = useTranslation("later");
  if (sticker) {
    return (
      <div className="flex flex-wrap items-center gap-3 rounded-md bg-surface p-3">
        <StickerPicture {...sticker} />
        {!isFixed && (
          <Button size="sm" variant="ghost" onClick={() => onChange(null)}>
            {t("sticker.remove")}
          </Button>
        )}
      </div>
    );
  }
  return (
    <>
      {children}
      {!isFixed && <StickerChoice channelId={channelId} onPick={onChange} />}
    </>
  );
}

function StickerChoice({ channelId, onPick }: { channelId: number; onPick: (sticker: Sticker) => void }) {
  const { t } = useTranslation("later");
  const serverId = useClientState((state) => state.channels[channelId]?.server_id ?? null);
  const canAttach = useCan(serverId, "attachFiles", channelId);
  const [isOpen, setOpen] = useState(false);
  if (!canAttach) return null;
  return (
    <div>
      <Button
        size="sm"
        variant="ghost"
        icon={<StickerIcon size={16} aria-hidden />}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {t("sticker.choose")}
      </Button>
      {isOpen && (
        <div className="mt-2 rounded-md border border-line [--radix-popover-content-available-height:24rem]">
          <StickerPart serverId={serverId} channelId={channelId} isLater onPick={onPick} />
        </div>
      )}
    </div>
  );
}
