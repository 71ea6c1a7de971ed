import { isVoice, type Attachment } from "@miscord/protocol";
import { type CSSProperties, useState } from "react";
import { FailedDialog } from "../../core/failed-part.tsx";
import { LazyPart } from "../../core/lazy-part.tsx";
import { gridOf, isImage } from "./box.ts";
import { FileCard } from "./file-card.tsx";
import { ImageAttachment } from "./image-attachment.tsx";
import { MediaAttachment, mediaKind } from "./media-attachment.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";

const ImageViewer = lazyWithTexts(async () => (await import("./image-viewer.tsx")).default);
const VoicePlayer = lazyWithTexts(async () => (await import("./voice/voice-player.tsx")).VoicePlayer);

/** A message's files: pictures first, in their reserved place, several as a grid, then players, then downloads. */
export function AttachmentList({ attachments }: { attachments: readonly Attachment[] }) {
  const [viewed, setViewed] = useState<number | null>(null);
  const images = attachments.filter(isImage);
  const others = attachments.filter((attachment) => !isImage(attachment));
  return (
    <div className="mt-1 flex flex-col items-start gap-2">
      {images.length > 0 && (
        <div className={images.length > 1 ? "grid max-w-full gap-1" : "max-w-full"} style={gridStyle(images.length)}>
          {images.map((image, index) => (
            <ImageAttachment key={image.id} image={image} isTile={images.length > 1} onOpen={() => setViewed(index)} />
          ))}
        </div>
      )}
      {others.map((attachment) =>
        isVoice(attachment) ? (
          <LazyPart
            key={attachment.id}
            loading={<div className="h-15" />}
            failed={<FileCard attachment={attachment} />}
          >
            <VoicePlayer voice={attachment} />
          </LazyPart>
        ) : mediaKind(attachment) ? (
          <MediaAttachment key={attachment.id} attachment={attachment} />
        ) : (
          <FileCard key={attachment.id} attachment={attachment} />
        ),
      )}
      {viewed !== null && (
        <LazyPart failed={<FailedDialog onClose={() => setViewed(null)} />}>
          <ImageViewer images={images} index={viewed} onIndexChange={setViewed} onClose={() => setViewed(null)} />
        </LazyPart>
      )}
    </div>
  );
}

function gridStyle(count: number): CSSProperties {
  if (count < 2) return {};
  const { columns, width } = gridOf(count);
  return { width, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` };
}
