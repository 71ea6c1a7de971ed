import type { Message } from "@miscord/protocol";
import { type PointerEvent, type MouseEvent, type ReactElement, useState } from "react";
import { ContextMenu } from "../../ui/context-menu.tsx";
import type { Row } from "./rows.ts";
import { useMessageMenu } from "./use-message-menu.tsx";

interface MessageContextMenuProps {
  rows: readonly Row[];
  /** The element around the message rows. */
  children: ReactElement;
}

/** The right-click menu of all messages: it opens for the message under the pointer. */
export function MessageContextMenu({ rows, children }: MessageContextMenuProps) {
  const [message, setMessage] = useState<Message | null>(null);
  const entries = useMessageMenu(message);
  function choose(event: MouseEvent | PointerEvent): void {
    const target = event.target as HTMLElement;
    const id = Number(target.closest<HTMLElement>("[data-message]")?.dataset["message"]);
    const row = rows.find((one) => one.kind === "message" && one.message.id === id);
    // Links, pictures, text fields and selected text keep the browser's own menu.
    const isNative = target.closest("a, img, textarea") !== null || getSelection()?.isCollapsed === false;
    if (row?.kind !== "message" || isNative) event.stopPropagation();
    else setMessage(row.message);
  }
  return (
    <div
      className="contents"
      onContextMenuCapture={choose}
      onPointerDownCapture={(event) => event.pointerType !== "mouse" && choose(event)}
    >
      <ContextMenu entries={entries}>{children}</ContextMenu>
    </div>
  );
}
