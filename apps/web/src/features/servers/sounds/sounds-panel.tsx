import { limits } from "@miscord/protocol";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../../core/client.ts";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { Button } from "../../../ui/button.tsx";
import { SoundDialog } from "./sound-dialog.tsx";
import { SoundItem } from "./sound-item.tsx";

/** The sounds of a server: added, changed and deleted. */
export function SoundsPanel({ serverId }: { serverId: number }) {
  const { t } = useTranslation("soundboard");
  const sounds = useClientState((state) => state.servers[serverId]?.sounds) ?? [];
  const [isAdding, setAdding] = useState(false);
  return (
    <PanelSection title={t("title")} hint={t("hint")}>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <Button size="sm" disabled={sounds.length >= limits.soundsPerServer} onClick={() => setAdding(true)}>
          <Plus size={16} aria-hidden />
          {t("add")}
        </Button>
        <p className="text-sm text-faint tabular-nums">
          {t("count", { count: sounds.length, most: limits.soundsPerServer })}
        </p>
      </div>
      {sounds.length === 0 && <p className="py-2 text-sm text-faint">{t("noneHere")}</p>}
      <ul className="divide-y divide-line">
        {sounds
          .toSorted((a, b) => a.name.localeCompare(b.name))
          .map((sound) => (
            <li key={sound.id} className="flex min-h-14 items-center gap-3 py-2">
              <SoundItem serverId={serverId} sound={sound} />
            </li>
          ))}
      </ul>
      {isAdding && <SoundDialog serverId={serverId} sound={null} onClose={() => setAdding(false)} />}
    </PanelSection>
  );
}
