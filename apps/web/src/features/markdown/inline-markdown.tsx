import { parseInline } from "@miscord/text";
import { useMemo } from "react";
import { Inlines } from "./markdown.tsx";

const nobody = () => null;

/** A text with marks inside its lines only: headings, lists, quotes and code blocks are shown as they were typed. */
export function InlineMarkdown({ content }: { content: string }) {
  const inlines = useMemo(() => parseInline(content), [content]);
  return (
    <p dir="auto" className="whitespace-pre-wrap wrap-anywhere [unicode-bidi:plaintext]">
      <Inlines inlines={inlines} resolve={nobody} />
    </p>
  );
}
