import { stickerUrl, type Sticker } from "@miscord/protocol";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { Button } from "../../ui/button.tsx";

/** A sticker as a message shows it; its name once it is deleted, and while its picture cannot be had. */
export function StickerPicture({ id, name }: Sticker) {
  const { t } = useTranslation(["stickers", "common"]);
  const client = useClient();
  const [missing, setMissing] = useState<"deleted" | "failed" | null>(null);
  useEffect(
    () =>
      client.on("event", (event) => {
        if (event.type === "sticker_deleted" && event.sticker_id === id) setMissing("deleted");
      }),
    [client, id],
  );
  const find = async () => {
    const answer = await fetch(stickerUrl(id)).catch(() => null);
    setMissing((known) => known ?? (answer?.status === 404 ? "deleted" : "failed"));
  };
  if (missing) {
    return (
      <div className="my-1 flex w-fit max-w-full flex-wrap items-center gap-x-3 gap-y-1 rounded-md bg-sunken px-3 py-2 text-sm text-muted">
        <p className="wrap-anywhere">{t(missing === "deleted" ? "gone" : "alt", { name })}</p>
        {missing === "failed" && (
          <Button size="sm" onClick={() => setMissing(null)}>
            {t("common:retry")}
          </Button>
        )}
      </div>
    );
  }
  return (
    <img
      src={stickerUrl(id)}
      alt={t("alt", { name })}
      title={name}
      draggable={false}
      loading="lazy"
      onError={() => void find()}
      className="my-1 block size-40 max-w-full object-contain object-left"
    />
  );
}
