import type { Attachment } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { boxOf } from "./box.ts";
import { GifFrame } from "../gifs/gif-frame.tsx";
import { FileCard } from "./file-card.tsx";

interface ImageAttachmentProps {
  image: Attachment;
  onOpen: () => void;
  /** One of several: a square that the picture fills. */
  isTile?: boolean;
}

export function ImageAttachment({ image, onOpen, isTile = false }: ImageAttachmentProps) {
  const { t } = useTranslation("chat");
  const [broken, setBroken] = useState(false);
  // A picture that failed while the network was gone is loaded again with the next connection.
  const isOnline = useClientState((state) => state.connection.status === "online");
  const [wasOnline, setWasOnline] = useState(isOnline);
  if (isOnline !== wasOnline) {
    setWasOnline(isOnline);
    if (isOnline) setBroken(false);
  }
  const box = boxOf(image);
  if (broken || !box) return <FileCard attachment={image} note={t("attachment.broken")} />;
  const picture = (
    <button
      type="button"
      onClick={onOpen}
      aria-label={t("attachment.open", { name: image.filename })}
      style={isTile ? { aspectRatio: "1" } : { width: box.width, aspectRatio: `${box.width} / ${box.height}` }}
      className="block max-w-full min-w-0 cursor-zoom-in overflow-hidden rounded-md bg-active"
    >
      <img
        src={image.file_url}
        alt=""
        width={box.width}
        height={box.height}
        loading="lazy"
        decoding="async"
        draggable={false}
        onError={() => setBroken(true)}
        data-still={image.animated}
        className={`size-full ${isTile ? "object-cover" : "object-scale-down"}`}
      />
    </button>
  );
  if (!image.animated) return picture;
  const body = { attachment_id: image.id };
  return (
    <GifFrame source={`attachment:${image.id}`} body={body} credit={image.credit} className={isTile ? "" : "w-fit"}>
      {picture}
    </GifFrame>
  );
}
