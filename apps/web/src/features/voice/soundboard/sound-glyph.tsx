import { Volume2 } from "lucide-react";

/** The emoji of a sound, or a loudspeaker. */
export function SoundGlyph({ emoji, size = 16 }: { emoji: string | null; size?: number }) {
  return (
    <span aria-hidden className="flex shrink-0 items-center justify-center leading-none" style={{ fontSize: size }}>
      {emoji ?? <Volume2 size={size} className="text-muted" />}
    </span>
  );
}
