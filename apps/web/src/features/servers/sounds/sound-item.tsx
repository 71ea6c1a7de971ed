import { soundCalls } from "@miscord/client";
import { soundUrl, type ServerSound } from "@miscord/protocol";
import { Pencil, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { loadSound } from "../../../core/audio/play-file.ts";
import { useClient } from "../../../core/client.ts";
import { useAction } from "../../../core/use-action.ts";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { SoundGlyph } from "../../voice/soundboard/sound-glyph.tsx";
import { listen } from "./listen.ts";
import { SoundDialog } from "./sound-dialog.tsx";

export function SoundItem({ serverId, sound }: { serverId: number; sound: ServerSound }) {
  const { t } = useTranslation(["soundboard", "voice"]);
  const { rest } = useClient();
  const { run } = useAction();
  const toast = useToast();
  const [asked, setAsked] = useState<"change" | "remove" | null>(null);
  const { id, name, emoji, volume } = sound;
  const play = () =>
    listen(() => loadSound(soundUrl(id)), volume).catch(() => toast({ title: t("cannotListen"), tone: "danger" }));
  return (
    <>
      <span className="flex size-8 shrink-0 items-center justify-center">
        <SoundGlyph emoji={emoji} size={22} />
      </span>
      <div className="min-w-0 flex-1">
        <p dir="auto" className="truncate text-sm font-medium">
          {name}
        </p>
        <p className="truncate text-sm text-faint tabular-nums">{t("voice:quality.percent", { value: volume })}</p>
      </div>
      <IconButton label={t("listen", { name })} icon={<Play size={16} />} onClick={() => void play()} />
      <IconButton label={t("change", { name })} icon={<Pencil size={16} />} onClick={() => setAsked("change")} />
      <IconButton label={t("remove", { name })} icon={<Trash2 size={16} />} onClick={() => setAsked("remove")} />
      {asked === "change" && <SoundDialog serverId={serverId} sound={sound} onClose={() => setAsked(null)} />}
      {asked === "remove" && (
        <ConfirmDialog
          open
          danger
          onOpenChange={() => setAsked(null)}
          title={t("removeTitle", { name })}
          description={t("removeHint")}
          confirmLabel={t("removeConfirm")}
          onConfirm={() => run(() => soundCalls(rest, serverId).remove(id))}
        />
      )}
    </>
  );
}
