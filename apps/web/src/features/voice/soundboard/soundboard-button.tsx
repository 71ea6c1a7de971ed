import { AudioLines } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Popover } from "../../../ui/popover.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { useCall } from "../use-call.ts";
import { Soundboard } from "./soundboard.tsx";

/** Opens the sounds that can be played to everybody in the call. */
export function SoundboardButton({ channelId }: { channelId: number }) {
  const { t } = useTranslation("soundboard");
  const [open, setOpen] = useState(false);
  // Calls of version 1 have neither.
  const hasSounds = useCall((state) => state.hasCameras);
  useRefusal();
  if (!hasSounds) return null;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t("title")}
      side="top"
      className="w-80 max-w-[calc(100vw-1rem)]"
      trigger={<IconButton label={t("open")} icon={<AudioLines size={18} />} />}
    >
      <Soundboard channelId={channelId} />
    </Popover>
  );
}

function useRefusal(): void {
  const { t } = useTranslation("soundboard");
  const toast = useToast();
  const refused = useCall((state) => state.soundRefused);
  // The state keeps it, also for a panel that is opened later.
  const told = useRef(refused);
  useEffect(() => {
    if (!refused || refused === told.current) return;
    told.current = refused;
    toast({ title: t(refused.code === "rate_limited" ? "tooMany" : "refused"), tone: "danger" });
  }, [refused, t, toast]);
}
