import type { Attachment } from "@miscord/protocol";
import { lazy, useState } from "react";
import { FailedDialog } from "../../core/failed-part.tsx";
import { LazyPart } from "../../core/lazy-part.tsx";
import { isImage } from "./box.ts";
import { FileCard } from "./file-card.tsx";
import { ImageAttachment } from "./image-attachment.tsx";
import { MediaAttachment, mediaKind } from "./media-attachment.tsx";

const ImageViewer = lazy(() => import("./image-viewer.tsx"));

/** A message's files: pictures first, in boxes of reserved size, then players, then downloads. */
export function AttachmentList({ attachments }: { attachments: readonly Attachment[] }) {
  const [viewed, setViewed] = useState<number | null>(null);
  const images = attachments.filter(isImage);
  const others = attachments.filter((attachment) => !isImage(attachment));
  return (
    <div className="mt-1 flex flex-col items-start gap-2">
      {images.length > 0 && (
        <div className="flex max-w-full flex-wrap gap-2">
          {images.map((image, index) => (
            <ImageAttachment key={image.id} image={image} onOpen={() => setViewed(index)} />
          ))}
        </div>
      )}
      {others.map((attachment) =>
        mediaKind(attachment) ? (
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
