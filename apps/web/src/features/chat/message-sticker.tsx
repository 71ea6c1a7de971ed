import type { Sticker } from "@miscord/protocol";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";

const StickerPicture = lazyWithTexts(async () => (await import("../emoji/sticker-picture.tsx")).StickerPicture);

/** In the place of a message's text. */
export function MessageSticker({ sticker }: { sticker: Sticker }) {
  return (
    <LazyPart loading={<span className="block size-40" />}>
      <StickerPicture {...sticker} />
    </LazyPart>
  );
}
