import type { Attachment } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { boxOf } from "./box.ts";
import { FileCard } from "./file-card.tsx";

/** Box in CSS pixels for pictures whose size the server could not read. */
const unknownBox = { width: 300, height: 200 };

export function ImageAttachment({ image, onOpen }: { image: Attachment; onOpen: () => void }) {
  const { t } = useTranslation("chat");
  const [broken, setBroken] = useState(false);
  if (broken) return <FileCard attachment={image} note={t("attachment.broken")} />;
  const box = boxOf(image) ?? unknownBox;
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-label={t("attachment.open", { name: image.filename })}
      style={{ width: box.width, aspectRatio: `${box.width} / ${box.height}` }}
      className="block max-w-full cursor-zoom-in overflow-hidden rounded-md bg-active"
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
        className="size-full object-contain"
      />
    </button>
  );
}
