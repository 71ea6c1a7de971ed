import type { User } from "@miscord/protocol";
import { Volume2, VolumeX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Slider } from "../../ui/slider.tsx";
import { setUserMuted, setUserVolume, useVoiceSettings } from "./voice-settings.ts";

type Person = Pick<User, "id" | "display_name">;

/** The volume of a participant on this device; stored in the browser, unknown to others. */
export function PersonVolume({ person }: { person: Person }) {
  const { t } = useTranslation("voice");
  const volume = useVoiceSettings(({ volumes }) => volumes[person.id] ?? 1);
  const isMuted = useVoiceSettings(({ mutedUsers }) => mutedUsers.includes(person.id));
  const percent = t("quality.percent", { value: Math.round(volume * 100) });
  return (
    <>
      <div className="mb-1 mt-3 flex justify-between text-sm">
        <span className="text-muted">{t("person.volume")}</span>
        <span className="tabular-nums">{percent}</span>
      </div>
      <Slider
        label={t("person.volumeOf", { name: person.display_name })}
        valueText={percent}
        min={0}
        max={200}
        step={5}
        value={Math.round(volume * 100)}
        disabled={isMuted}
        onChange={(value) => setUserVolume(person.id, value / 100)}
      />
      <Button
        size="sm"
        className="mt-3 w-full"
        aria-pressed={isMuted}
        icon={isMuted ? <VolumeX size={15} aria-hidden /> : <Volume2 size={15} aria-hidden />}
        onClick={() => setUserMuted(person.id, !isMuted)}
      >
        {isMuted ? t("person.unmute") : t("person.mute")}
      </Button>
    </>
  );
}
