import { useClientState } from "../../core/client.ts";
import { LazyPart } from "../../core/lazy-part.tsx";
import { retentionOf } from "../../core/retention-of.ts";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";

const RetentionButton = lazyWithTexts(async () => (await import("./retention-button.tsx")).RetentionButton);

/** In the header of a channel in which messages or files are removed after a time. */
export function RetentionMark({ channelId }: { channelId: number }) {
  const isKept = useClientState((state) => retentionOf(state, channelId).length === 0);
  if (isKept) return null;
  return (
    <LazyPart failed={null}>
      <RetentionButton channelId={channelId} />
    </LazyPart>
  );
}
