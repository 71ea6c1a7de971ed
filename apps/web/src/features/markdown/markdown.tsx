import { Fragment, memo, type ReactNode } from "react";
import { CodeBlock } from "./code-block.tsx";
import { isEmojiOnly } from "./emoji-only.ts";
import { MentionChip, type MentionTarget } from "./mention-chip.tsx";
import { MessageLink } from "./message-link.tsx";
import type { Block, Inline } from "./nodes.ts";
import { parseMessage } from "./parse-message.ts";
import { inlineText } from "./plain-text.ts";
import { Spoiler } from "./spoiler.tsx";

export type MentionOf = (name: string) => MentionTarget | null;

export interface MarkdownProps {
  content: string;
  /**
   * Looks up a mention; null for a name that names nobody, which is shown as typed. Must be memoised, or every message
   * renders again.
   */
  mentionOf: MentionOf;
  /** Rendered inline after the last word. */
  trailing?: ReactNode;
}

/** Renders a message's text. React nodes are built from a closed set of node types, so no text becomes markup. */
export const Markdown = memo(function Markdown({ content, mentionOf, trailing }: MarkdownProps) {
  const blocks = parseMessage(content);
  const onItsOwnLine = trailing && blocks.at(-1)?.type !== "paragraph";
  return (
    <div className={isEmojiOnly(content) ? "text-[2.5rem] leading-[3rem]" : "flex flex-col gap-1.5 wrap-anywhere"}>
      {blocks.map((block, index) => (
        <BlockView
          key={index}
          block={block}
          mentionOf={mentionOf}
          trailing={!onItsOwnLine && index === blocks.length - 1 && trailing}
        />
      ))}
      {onItsOwnLine && <div>{trailing}</div>}
    </div>
  );
});

interface BlockProps {
  block: Block;
  mentionOf: MentionOf;
  trailing?: ReactNode;
}

function BlockView({ block, mentionOf, trailing }: BlockProps) {
  switch (block.type) {
    case "code":
      return <CodeBlock text={block.text} language={block.language} />;
    case "quote":
      return (
        <blockquote className="flex flex-col gap-1.5 border-l-3 border-line-strong pl-3 text-muted">
          <Blocks blocks={block.children} mentionOf={mentionOf} />
        </blockquote>
      );
    case "list": {
      const List = block.ordered ? "ol" : "ul";
      return (
        <List
          className={block.ordered ? "list-decimal pl-7" : "list-disc pl-6"}
          {...(block.ordered ? { start: block.start } : {})}
        >
          {block.items.map((item, index) => (
            <li key={index}>
              <Blocks blocks={item} mentionOf={mentionOf} />
            </li>
          ))}
        </List>
      );
    }
    default:
      return (
        <p className="whitespace-pre-wrap">
          <Inlines inlines={block.children} mentionOf={mentionOf} />
          {trailing}
        </p>
      );
  }
}

function Blocks({ blocks, mentionOf }: { blocks: readonly Block[]; mentionOf: MentionOf }) {
  return blocks.map((block, index) => <BlockView key={index} block={block} mentionOf={mentionOf} />);
}

function Inlines({ inlines, mentionOf }: { inlines: readonly Inline[]; mentionOf: MentionOf }) {
  return inlines.map((inline, index) => <Fragment key={index}>{inlineView(inline, mentionOf)}</Fragment>);
}

function inlineView(inline: Inline, mentionOf: MentionOf): ReactNode {
  if (inline.type === "text") return inline.text;
  if (inline.type === "break") return "\n";
  if (inline.type === "code")
    return <code className="rounded-sm bg-active px-1 py-px font-mono text-[0.9em]">{inline.text}</code>;
  if (inline.type === "mention") {
    const target = mentionOf(inline.name);
    return target ? <MentionChip target={target} name={inline.name} /> : `@${inline.name}`;
  }
  const children = <Inlines inlines={inline.children} mentionOf={mentionOf} />;
  switch (inline.type) {
    case "strong":
      return <strong className="font-semibold">{children}</strong>;
    case "emphasis":
      return <em>{children}</em>;
    case "strike":
      return <s>{children}</s>;
    case "spoiler":
      return <Spoiler covered={inlineText(inline.children)}>{children}</Spoiler>;
    default:
      return (
        <MessageLink href={inline.href} bare={safeText(inline) === inline.href}>
          {children}
        </MessageLink>
      );
  }
}

/** The link's text as an absolute address if it is one, else unchanged. */
function safeText(link: Extract<Inline, { type: "link" }>): string {
  const words = inlineText(link.children);
  return URL.parse(words)?.href ?? words;
}
