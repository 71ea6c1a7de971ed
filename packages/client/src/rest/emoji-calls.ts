import type { CustomEmoji, EmojiPatch } from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/**
 * Calls about emoji or stickers of a server, or with null of the instance, apart from `Rest` so that only their screen loads them. Each rejects with
 * `ApiError`.
 */
export function emojiCalls(
  { call }: Pick<Rest, "call">,
  serverId: number | null,
  kind: "emojis" | "stickers" = "emojis",
) {
  const path = `/api/${serverId === null ? "instance" : `servers/${serverId}`}/${kind}`;
  return {
    /** `picture` has the type of an image. */
    create: (picture: Blob, name: string, aliases: readonly string[] = []) =>
      call<CustomEmoji>("POST", path, {
        body: picture,
        query: { name, ...(aliases.length > 0 && { aliases: aliases.join(",") }) },
      }),
    change: (emojiId: number, body: EmojiPatch) => call<CustomEmoji>("PATCH", `${path}/${emojiId}`, { body }),
    remove: (emojiId: number) => call<void>("DELETE", `${path}/${emojiId}`),
  };
}
