import { emojiUrl } from "@miscord/protocol";
import { useEffect } from "react";
import { create } from "zustand";
import { useClient } from "../../core/client.ts";

/** Ids of emoji whose pictures could not be had, or which were deleted while the page was open. */
const useGone = create<{ ids: ReadonlySet<number> }>(() => ({ ids: new Set() }));

function forget(id: number): void {
  useGone.setState(({ ids }) => ({ ids: new Set([...ids, id]) }));
}

/** As high as the text around it. */
export function ServerEmoji({ name, id }: { name: string; id: number }) {
  const client = useClient();
  const isGone = useGone(({ ids }) => ids.has(id));
  useEffect(
    () =>
      client.on("event", (event) => {
        if (event.type === "emoji_deleted" && event.emoji_id === id) forget(id);
      }),
    [client, id],
  );
  const text = `:${name}:`;
  if (isGone) return text;
  return (
    <img
      src={emojiUrl(id)}
      alt={text}
      title={text}
      draggable={false}
      loading="lazy"
      onError={() => forget(id)}
      className="inline-block size-[min(1.375em,3rem)] object-contain align-[-0.3em]"
    />
  );
}
