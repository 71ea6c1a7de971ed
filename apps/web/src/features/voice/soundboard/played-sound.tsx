import { useTranslation } from "react-i18next";
import { useClientState } from "../../../core/client.ts";
import { usePersonIn } from "../../../core/people.ts";
import { SoundGlyph } from "./sound-glyph.tsx";
import { useShownSounds, type ShownSound } from "./shown-sounds.ts";

/** On the tile of a participant, for a moment: the sound that they play. */
export function PlayedSound({ userId }: { userId: number }) {
  const shown = useShownSounds((state) => state.shown.find((one) => one.userId === userId));
  if (!shown) return null;
  const { sound, number } = shown;
  return (
    <span
      key={number}
      aria-hidden
      className="animate-rise pointer-events-none absolute left-1.5 top-1.5 flex max-w-[calc(100%-0.75rem)] items-center gap-1.5 rounded-md bg-overlay px-2 py-1 text-sm text-ink shadow-overlay"
    >
      <SoundGlyph emoji={sound.emoji} />
      <span dir="auto" className="truncate">
        {sound.name}
      </span>
    </span>
  );
}

/** Who has played which sound last, in the panel of the call. */
export function PlayedSounds({ channelId }: { channelId: number }) {
  const latest = useShownSounds((state) => state.shown.at(-1));
  return (
    <div role="status" className="text-xs text-muted">
      {latest && <Line key={latest.number} channelId={channelId} played={latest} />}
    </div>
  );
}

function Line({ channelId, played: { userId, sound } }: { channelId: number; played: ShownSound }) {
  const { t } = useTranslation("soundboard");
  const member = useClientState((state) => state.voice[channelId]?.find(({ user }) => user.id === userId));
  const person = usePersonIn(channelId, member?.user ?? { id: userId, display_name: "", avatar_url: null });
  return (
    <p dir="auto" className="mb-1.5 flex items-center gap-1.5 truncate">
      <SoundGlyph emoji={sound.emoji} />
      <span className="truncate">{t("played", { name: person.display_name, sound: sound.name })}</span>
    </p>
  );
}
