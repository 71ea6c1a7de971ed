import { stickerUrl, type Sticker } from "@miscord/protocol";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";

/** A sticker as a message shows it; its name once it is deleted. */
export function StickerPicture({ id, name }: Sticker) {
  const { t } = useTranslation("stickers");
  const client = useClient();
  const [isGone, setGone] = useState(false);
  useEffect(
    () =>
      client.on("event", (event) => {
        if (event.type === "sticker_deleted" && event.sticker_id === id) setGone(true);
      }),
    [client, id],
  );
  if (isGone) {
    return (
      <p className="my-1 w-fit max-w-full rounded-md bg-sunken px-3 py-2 text-sm text-muted wrap-anywhere">
        {t("gone", { name })}
      </p>
    );
  }
  return (
    <img
      src={stickerUrl(id)}
      alt={t("alt", { name })}
      title={name}
      draggable={false}
      loading="lazy"
      onError={() => setGone(true)}
      className="my-1 block size-40 max-w-full object-contain object-left"
    />
  );
}
