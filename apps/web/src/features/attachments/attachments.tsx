import type { Attachment } from "@miscord/protocol";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { attachmentsHeight } from "./box.ts";

const AttachmentList = lazyWithTexts(async () => (await import("./attachment-list.tsx")).AttachmentList);

/** A message's files. Their code is loaded with the first message that has some; until then it keeps their place. */
export function Attachments({ attachments }: { attachments: readonly Attachment[] }) {
  return (
    <LazyPart loading={<div style={{ height: attachmentsHeight(attachments) }} />}>
      <AttachmentList attachments={attachments} />
    </LazyPart>
  );
}
