import { type Block, foldName, type Inline, inlineText, roleMark, timeText } from "@miscord/text";
import { Fragment, memo, type ReactNode } from "react";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";
import { cx } from "../../ui/cx.ts";
import { NamedEmoji } from "../emoji/emoji-glyph.tsx";
import { LazyCodeBlock } from "./lazy-code-block.tsx";
import { isEmojiOnly } from "./emoji-only.ts";
import { MentionChip, type MentionTarget } from "./mention-chip.tsx";
import { MessageLink } from "./message-link.tsx";
import { parseMessage } from "./parse-message.ts";
import { BlockSpoiler, Spoiler } from "./spoiler.tsx";

const TimeMark = lazyWithTexts(async () => (await import("./time-mark.tsx")).TimeMark, []);

/** Null for a name that no member has. */
export type MentionOf = (name: string) => (MentionTarget & { id: number }) | null;

export interface MarkdownProps {
  content: string;
  /** Keep its identity, or every message renders again. */
  mentionOf: MentionOf;
  /** Whom the server resolved; another `@name` is shown as typed. Null before it has: any member then. */
  mentions: readonly number[] | null;
  mentionsEveryone: boolean;
  mentionsHere?: boolean | undefined;
  /** Null for a role that is gone. Keep its identity, too. */
  roleOf?: (id: number) => MentionTarget | null;
  /** As `mentions`. */
  mentionRoles?: readonly number[] | null | undefined;
  /** Follows the last words, on their line. */
  trailing?: ReactNode;
}

/** A message's text. Makes React nodes from a closed set of kinds: no text becomes markup. */
export const Markdown = memo(function Markdown(props: MarkdownProps) {
  const { content, mentionOf, mentions, mentionsEveryone, mentionsHere, roleOf, mentionRoles = [], trailing } = props;
  const blocks = parseMessage(content);
  const resolve: Resolve = (name) => {
    if (typeof name === "number") {
      const role = roleOf?.(name);
      return role && { ...role, isMentioned: mentionRoles === null || mentionRoles.includes(name) };
    }
    const folded = foldName(name);
    if (folded === "everyone") return mentionsEveryone ? { label: folded, isMe: true } : null;
    if (folded === "here") return mentionsHere ? { label: folded, isMe: true } : null;
    const target = mentionOf(name);
    return target && (mentions === null || mentions.includes(target.id)) ? target : null;
  };
  const onItsOwnLine = trailing && blocks.at(-1)?.type !== "paragraph";
  return (
    <div
      className={cx(
        // A letter may carry fifty marks: they stay in this row.
        "[overflow-clip-margin:0.125rem] overflow-y-clip",
        isEmojiOnly(content) ? "text-[2.5rem] leading-[3rem]" : "flex flex-col gap-1.5 wrap-anywhere",
      )}
    >
      {blocks.map((block, index) => (
        <BlockView
          key={index}
          block={block}
          resolve={resolve}
          trailing={!onItsOwnLine && index === blocks.length - 1 && trailing}
        />
      ))}
      {onItsOwnLine && <div>{trailing}</div>}
    </div>
  );
});

/** A name, or the id of a role. */
type Resolve = (of: string | number) => (MentionTarget & { isMentioned?: boolean }) | null | undefined;

const headingClasses = ["text-xs text-muted", "text-2xl font-bold", "text-xl font-bold", "font-bold"] as const;

interface BlockProps {
  block: Block;
  resolve: Resolve;
  trailing?: ReactNode;
}

function BlockView({ block, resolve, trailing }: BlockProps) {
  switch (block.type) {
    case "code":
      return <LazyCodeBlock text={block.text} language={block.language} />;
    case "quote":
      return (
        <blockquote dir="auto" className="flex flex-col gap-1.5 border-s-3 border-line-strong ps-3 text-muted">
          <Blocks blocks={block.children} resolve={resolve} />
        </blockquote>
      );
    case "heading":
      return (
        <div
          {...(block.level > 0 && { role: "heading", "aria-level": 3 + block.level })}
          className={headingClasses[block.level]}
        >
          <Blocks blocks={block.children} resolve={resolve} />
        </div>
      );
    case "list": {
      const List = block.ordered ? "ol" : "ul";
      const digits = `${Math.max(...block.numbers)}`.length;
      return (
        <List
          dir="auto"
          className={block.ordered ? "list-decimal" : "list-disc ps-6"}
          {...(block.ordered ? { style: { paddingInlineStart: `${digits + 2}ch` } } : {})}
        >
          {block.items.map((item, index) => (
            <li key={index} {...(block.ordered ? { value: block.numbers[index]! } : {})}>
              <Blocks blocks={item} resolve={resolve} />
            </li>
          ))}
        </List>
      );
    }
    case "spoiler":
      return (
        <BlockSpoiler>
          <Blocks blocks={block.children} resolve={resolve} />
        </BlockSpoiler>
      );
    default:
      return (
        // Each line has a direction of its own.
        <p dir="auto" className="whitespace-pre-wrap [unicode-bidi:plaintext]">
          <Inlines inlines={block.children} resolve={resolve} />
          {trailing}
        </p>
      );
  }
}

function Blocks({ blocks, resolve }: { blocks: readonly Block[]; resolve: Resolve }) {
  return blocks.map((block, index) => <BlockView key={index} block={block} resolve={resolve} />);
}

export function Inlines({ inlines, resolve }: { inlines: readonly Inline[]; resolve: Resolve }) {
  return inlines.map((inline, index) => <Fragment key={index}>{inlineView(inline, resolve)}</Fragment>);
}

function inlineView(inline: Inline, resolve: Resolve): ReactNode {
  if (inline.type === "text") return inline.text;
  if (inline.type === "break") return "\n";
  if (inline.type === "code")
    return (
      <code dir="ltr" className="rounded-sm bg-active px-1 py-px font-mono text-[0.9em]">
        {inline.text}
      </code>
    );
  if (inline.type === "time")
    return (
      <LazyPart loading={timeText(inline.atMs)}>
        <TimeMark atMs={inline.atMs} style={inline.style} />
      </LazyPart>
    );
  if (inline.type === "emoji") return <NamedEmoji name={inline.name} id={inline.id} />;
  if (inline.type === "mention") {
    const target = resolve(inline.name);
    return target ? <MentionChip target={target} name={inline.name} /> : `@${inline.name}`;
  }
  if (inline.type === "role") {
    const role = resolve(inline.id);
    if (!role) return roleMark(inline.id);
    return role.isMentioned ? <MentionChip target={role} name={role.label} /> : `@${role.label}`;
  }
  const children = <Inlines inlines={inline.children} resolve={resolve} />;
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
        <MessageLink href={inline.href} bare={showsAddress(inline)}>
          {children}
        </MessageLink>
      );
  }
}

/** Whether the link's words are its address, as people write it. */
function showsAddress({ href, children }: Extract<Inline, { type: "link" }>): boolean {
  const words = inlineText(children);
  return ["", "http://", "mailto:"].some((scheme) => URL.parse(scheme + words)?.href === href);
}
