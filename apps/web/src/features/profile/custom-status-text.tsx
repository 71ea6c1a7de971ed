import type { CustomStatus } from "@miscord/protocol";
import { useClientState } from "../../core/client.ts";
import { EmojiGlyph } from "../emoji/emoji-glyph.tsx";

/** On one line, as long as there is room. */
export function CustomStatusText({ status: { emoji, text } }: { status: CustomStatus }) {
  return (
    <bdi>
      {emoji && <EmojiGlyph emoji={emoji} />}
      {emoji && " "}
      {text}
    </bdi>
  );
}

/** Somebody's custom status below their name; nothing without one. */
export function StatusLine({ userId }: { userId: number }) {
  const status = useClientState((state) => state.customStatuses[userId]);
  return (
    status && (
      <span className="block truncate text-xs font-normal text-muted">
        <CustomStatusText status={status} />
      </span>
    )
  );
}
